import CairnNN
import Testing

@testable import CairnModels

@Suite struct ResNetTests {
    static let family = (Architecture.resNets + Architecture.resNeSts).map(\.name)

    private func shapes(_ name: String) throws -> any StagedBackbone<ShapeTensor> {
        try Architecture.named(name).makeStagedBackbone(Parameters(ShapeParameters()))
    }

    @Test(arguments: family)
    func `The shallow map is at a 16th and has half the channels`(_ name: String) throws {
        let backbone = try shapes(name)
        let (shallow, deep) = try backbone.shallowAndDeepFeatures(ShapeTensor([1, 3, 256, 384]))
        #expect(backbone.shallowChannels == backbone.channels / 2)
        #expect(shallow.shape == [1, backbone.shallowChannels, 16, 24])
        #expect(deep.shape == [1, backbone.channels, 8, 12])
    }

    @Test(arguments: family)
    func `Odd sizes round up, on the shortcuts too`(_ name: String) throws {
        let backbone = try shapes(name)
        #expect(try backbone.features(ShapeTensor([1, 3, 72, 104])).shape == [1, backbone.channels, 3, 4])
        // Caffe's stem pools without a border, and ends a pixel earlier.
        let isCaffe = name.hasPrefix("legacy")
        #expect(
            try backbone.features(ShapeTensor([1, 3, 225, 333])).shape == [1, backbone.channels, isCaffe ? 7 : 8, 11])
    }

    @Test func `Names are those of torchvision's state dict`() throws {
        let source = ShapeParameters()
        _ = try Architecture.named("resnet18").makeBackbone(Parameters(source), classes: 1000)
        let specs = Dictionary(uniqueKeysWithValues: source.specs.map { ($0.name, $0.shape) })
        #expect(specs["conv1.weight"] == [64, 3, 7, 7])
        #expect(specs["bn1.running_var"] == [64])
        #expect(specs["layer2.0.conv1.weight"] == [128, 64, 3, 3])
        #expect(specs["layer2.0.downsample.0.weight"] == [128, 64, 1, 1])
        #expect(specs["layer4.1.bn2.bias"] == [512])
        #expect(specs["fc.weight"] == [1000, 512])
        // 20 convolutions, as many normalisations of four arrays, and the classifier.
        #expect(specs.count == 20 * 5 + 2)
    }

    @Test(arguments: [
        ("seresnet101", ["layer3.22.se.fc1.weight", "fc.bias"]),
        ("legacy_seresnet101", ["layer0.conv1.weight", "layer3.22.se_module.fc1.weight", "last_linear.bias"]),
        ("resnest50d", ["conv1.6.weight", "layer2.0.conv2.fc2.bias", "layer2.0.downsample.1.weight"]),
    ])
    func `Names of variants are timm's`(_ name: String, _ expected: [String]) throws {
        let source = ShapeParameters()
        _ = try Architecture.named(name).makeBackbone(Parameters(source), classes: 1000)
        #expect(Set(source.specs.map(\.name)).isSuperset(of: expected))
    }

    @Test func `Residual branches start as nothing`() throws {
        let source = ShapeParameters()
        _ = try Architecture.named("resnet50").makeBackbone(Parameters(source))
        let zeros = source.specs.filter { $0.name.hasSuffix(".weight") && $0.initializer == .constant(0) }.map(\.name)
        #expect(zeros.count == 16 && zeros.allSatisfy { $0.hasSuffix(".bn3.weight") })
    }

    @Test func `An image of the wrong kind is refused by the first layer's name`() throws {
        let backbone = try shapes("resnet50")
        let error = #expect(throws: NetworkError.self) { try backbone.features(ShapeTensor([1, 4, 64, 64])) }
        #expect(error?.message.hasPrefix("conv1: ") == true)
        #expect(error?.message.contains("[1, 4, 64, 64]") == true)
    }

    @Test func `A configuration without four stages is refused`() {
        #expect(throws: NetworkError.self) {
            try ResNet(Parameters(ShapeParameters()), configuration: ResNetConfiguration(blocks: [3, 4, 6]))
        }
    }

    @Test func `Split attention in groups orders its scores by group first`() throws {
        let attention = try SplitAttention(Parameters(ShapeParameters()), channels: 8, splits: 2, groups: 4)
        #expect(try attention(ShapeTensor([3, 8, 5, 6])).shape == [3, 8, 5, 6])
    }

    @Test func `ResNet-50 costs 4.1 billion multiply-adds at 224 pixels`() throws {
        // Forward hooks on torchvision's convolutions and linear layer add up to the same.
        let cost = try OperationCount.of(inputs: [[1, 3, 224, 224]]) { parameters in
            let backbone = try Architecture.named("resnet50").makeBackbone(parameters, classes: 1000)
            return { inputs in _ = try backbone.logits(backbone.features(inputs[0])) }
        }
        #expect(cost == OperationCount(parameters: 25_557_032, multiplyAdds: 4_089_184_256))
    }
}
