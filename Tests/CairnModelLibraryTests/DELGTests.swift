import CairnCore
import CairnFeatures
import CairnImaging
import CairnModelLibrary
import CairnModels
import CairnNN
import Foundation
import Synchronization
import Testing

@Suite struct DELGTests {
    /// Attention of 1 everywhere but where it is said, and the same descriptor in every cell.
    final class Attention: KeypointNetwork {
        let peaks: [ImageSize: [Int: Float]]
        let seen = Mutex<[[Int]]>([])
        let inputs = [NetworkPort(name: "image", dimensions: [1, 3, nil, nil])]
        let outputs = [
            NetworkPort(name: "attention", dimensions: [1, 1, nil, nil]),
            NetworkPort(name: "descriptors", dimensions: [1, 64, nil, nil]),
        ]

        init(_ peaks: [ImageSize: [Int: Float]] = [:]) { self.peaks = peaks }

        func run(_ inputs: [NetworkArray]) throws -> [NetworkArray] {
            let (height, width) = (inputs[0].shape[2], inputs[0].shape[3])
            seen.withLock { $0.append([width, height]) }
            let (rows, columns) = ((height + 15) / 16, (width + 15) / 16)
            var attention = [Float](repeating: 1, count: rows * columns)
            for (cell, value) in peaks[ImageSize(width: width, height: height)] ?? [:] { attention[cell] = value }
            return [
                NetworkArray(shape: [1, 1, rows, columns], values: attention),
                NetworkArray(
                    shape: [1, 64, rows, columns], values: [Float](repeating: 3, count: 64 * rows * columns)),
            ]
        }
    }

    static func extractor(_ network: Attention, _ configuration: KeypointConfiguration = .delg)
        -> LearnedFeatureExtractor
    {
        LearnedFeatureExtractor(
            name: "delg", modelDigest: "1", model: .delg(entries: 64) { _ in network }, configuration: configuration)
    }

    static func image(_ width: Int, _ height: Int) -> RGBImage {
        RGBImage(
            size: ImageSize(width: width, height: height), pixels: [UInt8](repeating: 90, count: 3 * width * height))
    }

    @Test("Keypoints are at the centres of receptive fields, most attention first over all sizes")
    func positions() throws {
        let network = Attention([
            ImageSize(width: 64, height: 64): [9: 5], ImageSize(width: 32, height: 32): [1: 7],
        ])
        var configuration = KeypointConfiguration.delg
        configuration.pyramid = [0.5, 1]
        configuration.maximumKeypoints = 3
        let found = try Self.extractor(network, configuration).keypoints(of: Self.image(64, 64))
        // Pixel (16, 0) of the half size is at (16.5, 0.5) there and at twice that here; cell 9 is column 1 of row 2.
        #expect(found.x == [33, 16.5, 1])
        #expect(found.y == [1, 32.5, 1])
        #expect(found.scores == [7, 5, 1])
        #expect(found.descriptors.allSatisfy { abs($0 - 0.125) < 1e-6 } && found.descriptors.count == 3 * 64)
    }

    @Test(
        "The pyramid has the sizes that stay within the long side, up to seven",
        arguments: [
            (1024, 768, 5), (724, 543, 6), (512, 384, 7),
        ])
    func pyramid(width: Int, height: Int, count: Int) throws {
        let network = Attention()
        let found = try Self.extractor(network).keypoints(of: Self.image(width, height))
        let sizes = network.seen.withLock { $0 }
        #expect(
            sizes.count == count && sizes[0] == [Int((Float(width) / 4).rounded()), Int((Float(height) / 4).rounded())])
        #expect(sizes.allSatisfy { $0[0] <= 1024 })
        // Far more cells than that, all of the same attention.
        #expect(found.count == 1_000)
    }

    @Test("One checkpoint gives a local model and a global one")
    func checkpoint() throws {
        let models = try SampleModels()
        let source = ShapeParameters()
        _ = try DELG(Parameters(source), configuration: .resNet50)
        let file = try models.checkpoint("delg", source.specs)
        let local = try models.add(file, "local") {
            $0.architecture = "delg-resnet50"
            $0.longSide = 128
        }
        #expect(local.kind == .local && local.dimensions == 128)
        // ResNet-50 without classifier, whitening, autoencoder, attention: counted by hand.
        let heads = (2_048 * 2_049) + (1_024 * 128 + 128 + 128 * 1_024 + 1_024) + (1_024 * 512 + 512 + 1_024 + 513)
        #expect(local.parameterCount == 23_508_032 + heads)
        #expect(local.multiplyAdds > 0)
        let extractor = try models.library.localModel(named: "local", runtime: SampleModels.runtime.get())
        #expect(extractor.pairVerification.matching.minimumCosine == 0.595)
        let features = try extractor.features(of: SampleModels.gradient(width: 128, height: 96))
        // 128, 91, 64 and 45 pixels wide; a quarter of the size is below the least side.
        #expect(features.count == 8 * 6 + 6 * 5 + 4 * 3 + 3 * 3)
        let global = try models.add(file, "global") {
            $0.architecture = "delg-resnet50"
            $0.kind = .global
        }
        #expect(global.kind == .global && global.dimensions == 2_048 && global.network?.head.kind == .whitening)
    }
}
