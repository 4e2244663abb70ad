import CairnModels
import CairnNN
import Testing

@Suite("Inception-v4 and BN-Inception")
struct InceptionTests {
    private static func build<T: Tensor>(_ name: String, _ parameters: Parameters<T>, classes: Int) throws
        -> any Backbone<T>
    {
        if name == "inception_v4" { return try InceptionV4(parameters, classes: classes) }
        return try BNInception(parameters, classes: classes)
    }

    @Test("ask for the names and shapes of the public checkpoints", arguments: ["inception_v4", "bninception"])
    func names(_ name: String) throws {
        let actual = try BackboneProbe.names { try Self.build(name, $0, classes: 1000) }
        #expect(try ParameterNames.committed("inception")[name] == actual)
    }

    @Test("give the published map sizes")
    func shapes() throws {
        let full = try BackboneProbe.shapes([2, 3, 299, 299]) { try InceptionV4($0, classes: 7) }
        #expect(full.features == [2, 1536, 8, 8])
        #expect(full.logits == [2, 7])
        let least = try BackboneProbe.shapes([1, 3, 75, 160]) { try InceptionV4($0, classes: 7) }
        #expect(least.features == [1, 1536, 1, 3])

        let square = try BackboneProbe.shapes([2, 3, 224, 224]) { try BNInception($0, classes: 7) }
        #expect(square.features == [2, 1024, 7, 7])
        #expect(square.logits == [2, 7])
        // Odd maps before both halving blocks.
        let odd = try BackboneProbe.shapes([1, 3, 131, 203]) { try BNInception($0, classes: 7) }
        #expect(odd.features == [1, 1024, 4, 7])
    }

    @Test("name the layer when an image is too small")
    func smallImage() throws {
        let network = try InceptionV4(Parameters(ShapeParameters()))
        let error = #expect(throws: NetworkError.self) { try network.features(ShapeTensor([1, 3, 70, 70])) }
        #expect(error?.message.contains("features.") == true || error?.message.contains("smaller than") == true)
        #expect(throws: NetworkError.self) { try network.logits(ShapeTensor([1, 1536, 8, 8])) }
    }

    @Test("give the peers' numbers with seeded weights", arguments: ["inception_v4", "bninception"])
    func parity(_ name: String) throws {
        let errors = try BackboneProbe.errors(ModelGolden.named(name)) { try Self.build(name, $0, classes: 10) }
        #expect(errors.count == 3)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }
}
