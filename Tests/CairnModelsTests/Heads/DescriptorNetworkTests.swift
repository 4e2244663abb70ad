import CairnCore
import CairnNN
import Foundation
import Testing

@testable import CairnModels

@Suite struct DescriptorNetworkTests {
    @Test(arguments: HeadConfiguration.Kind.allCases)
    func `Every head gives descriptors of the size asked for`(_ kind: HeadConfiguration.Kind) throws {
        let source = ShapeParameters()
        let configuration = DescriptorNetworkConfiguration(
            architecture: "resnet18", pooling: .learnedGeM, head: .init(kind: kind),
            dimensions: kind == .none ? nil : 96)
        let network = try DescriptorNetwork(Parameters(source), configuration: configuration)
        #expect(try network(ShapeTensor([2, 3, 96, 128])).shape == [2, network.dimensions])
        #expect(network.dimensions == (kind == .none ? 512 : 96))
        let names = source.specs.map(\.name)
        #expect(names.contains("pool.p") && names.contains("conv1.weight") && !names.contains("fc.weight"))
        #expect(names.contains { $0.hasPrefix("head.") } == (kind != .none))
    }

    @Test func `Heads have the documented names`() throws {
        let expected: [HeadConfiguration.Kind: Set<String>] = [
            .none: [], .linear: ["fc"], .convolutionNorm: ["conv", "bn"], .normalizedLinear: ["fc"],
            .normDropoutLinearNorm: ["bn1", "fc", "bn2"], .linearNorm: ["fc", "bn"], .whitening: ["whiten"],
        ]
        for (kind, layers) in expected {
            let source = ShapeParameters()
            _ = try DescriptorHead(Parameters(source), configuration: .init(kind: kind), from: 64)
            #expect(Set(source.specs.map { $0.name.split(separator: ".").dropLast().joined(separator: ".") }) == layers)
        }
    }

    @Test func `Without a head the size cannot be another`() {
        #expect(throws: NetworkError.self) {
            try DescriptorHead(Parameters(ShapeParameters()), configuration: .none, from: 512, to: 128)
        }
    }

    @Test(arguments: PoolingConfiguration.Kind.allCases)
    func `Every pooling gives one vector an image, and maps of other ranks are refused`(
        _ kind: PoolingConfiguration.Kind
    ) throws {
        let pooling = try Pooling(
            Parameters(ShapeParameters()), configuration: PoolingConfiguration(kind: kind, learnsExponent: true))
        #expect(try pooling(ShapeTensor([3, 16, 7, 9])).shape == [3, 16])
        #expect(throws: NetworkError.self) { try pooling(ShapeTensor([16, 7, 9])) }
    }

    @Test func `Configurations survive JSON, have defaults, and refuse unknown keys`() throws {
        let coded = try JSONEncoder().encode(DescriptorNetworkConfiguration.delg)
        #expect(try JSONDecoder().decode(DescriptorNetworkConfiguration.self, from: coded) == .delg)
        func decoded(_ json: String) throws -> DescriptorNetworkConfiguration {
            try JSONDecoder().decode(DescriptorNetworkConfiguration.self, from: Data(json.utf8))
        }
        #expect(
            try decoded(#"{"architecture": "resnet18", "pooling": {"kind": "rmac"}}"#)
                == DescriptorNetworkConfiguration(architecture: "resnet18", pooling: .rmac))
        let error = #expect(throws: UnknownSettingError.self) { try decoded(#"{"pooling": {"knid": "mac"}}"#) }
        #expect(error?.message.contains("“knid”") == true)
    }

    @Test func `What depends on the image's size says so`() throws {
        #expect(try !DescriptorNetworkConfiguration().dependsOnSize())
        #expect(try DescriptorNetworkConfiguration(pooling: .rmac).dependsOnSize())
        #expect(try DescriptorNetworkConfiguration(architecture: "swin_tiny_patch4_window7_224").dependsOnSize())
    }

    @Test func `DELG's parts have the paper's sizes`() throws {
        let source = ShapeParameters()
        let network = try DELG(Parameters(source), configuration: .resNet50)
        let image = ShapeTensor([2, 3, 256, 384])
        let features = try network(image)
        #expect(features.global.shape == [2, 2048])
        #expect(features.local.shape == [2, 128, 16, 24])
        #expect(features.attention.shape == [2, 1, 16, 24])
        let output = try network.trainingOutput(image)
        #expect(output.embedding.shape == [2, 2048])
        #expect(output.reconstruction.shape == output.shallow.shape && output.shallow.shape == [2, 1024, 16, 24])
        #expect(output.pooledReconstruction.shape == [2, 1024])
        let names = Set(source.specs.map(\.name))
        #expect(
            names.isSuperset(of: [
                "layer3.5.conv3.weight", "head.whiten.weight", "local.autoencoder.reduce.weight",
                "local.autoencoder.expand.bias", "local.attention.conv1.weight", "local.attention.bn.running_mean",
                "local.attention.conv2.bias",
            ]))
    }

    @Test func `DELG needs a backbone that shows its second-last stage`() {
        #expect(throws: NetworkError.self) {
            try DELG(Parameters(ShapeParameters()), configuration: DELGConfiguration(architecture: "efficientnet_b0"))
        }
    }
}
