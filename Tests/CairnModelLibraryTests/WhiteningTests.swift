import CairnAlgebra
import CairnCore
import CairnModelLibrary
import Foundation
import Testing

@Suite struct WhiteningTests {
    /// Photos of different colours.
    static let colours: [(UInt8, UInt8, UInt8)] = (0..<24).map { index in
        func level(_ step: Int) -> UInt8 { UInt8(20 + index * step % 230) }
        return (level(37), level(91), level(53))
    }

    @Test("A whitening is applied wherever its model is used, and changes the model's digest")
    func applied() throws {
        let models = try SampleModels()
        let record = try models.add(models.meanColour(), "mean")
        let model = try models.model("mean")
        let rows = try Self.colours.map { try model.unwhitened(SampleModels.plain($0.0, $0.1, $0.2)) }
        let whitening = try PCAWhitening(outputDimensions: 2).learn(
            from: DescriptorMatrix(rows: rows), modelDigest: models.library.unwhitenedDigest(of: record))
        let changed = try models.library.setWhitening(whitening, of: "mean", as: "white")
        #expect(changed.dimensions == 2)
        #expect(try changed.digest != record.digest)
        let white = try models.model("white")
        let photo = SampleModels.plain(10, 200, 100)
        #expect(try isClose(white.descriptor(of: photo), whitening.apply(to: model.descriptor(of: photo))))
        // The model itself is as it was, and may be whitened too.
        #expect(try models.model("mean").digest == model.digest)
        _ = try models.library.setWhitening(whitening, of: "mean")
        #expect(try models.model("mean").dimensions == 2)
        // A whitened model's raw descriptors are still there to learn another from.
        #expect(try isClose(models.model("mean").unwhitened(photo), model.descriptor(of: photo)))
    }

    @Test("A whitening that was learned for another model is refused")
    func otherModel() throws {
        let models = try SampleModels()
        let record = try models.add(models.meanColour(), "mean")
        _ = try models.add(models.identity(), "max") { $0.pooling = .maximum }
        let rows = Self.colours.map { unit([Float($0.0), Float($0.1), Float($0.2)]) }
        let whitening = try PCAWhitening(outputDimensions: 2).learn(
            from: DescriptorMatrix(rows: rows), modelDigest: models.library.unwhitenedDigest(of: record))
        #expect(throws: (any Error).self) { try models.library.setWhitening(whitening, of: "max") }
    }
}
