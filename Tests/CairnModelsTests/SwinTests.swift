import CairnCore
import CairnModels
import CairnNN
import Testing

@Suite("Swin Transformer")
struct SwinTests {
    private static let networks: [String: SwinConfiguration] = [
        "swin_tiny": .tiny, "swin_small": .small, "swin_base": .base, "swin_base384": .base384,
    ]

    @Test(
        "asks for the names and shapes of timm's state dicts",
        arguments: ["swin_tiny", "swin_small", "swin_base", "swin_base384"])
    func names(_ name: String) throws {
        let configuration = try #require(Self.networks[name])
        let actual = try BackboneProbe.names { try SwinTransformer($0, configuration: configuration, classes: 1000) }
        #expect(try ParameterNames.committed("swin")[name] == actual)
    }

    @Test("takes images of any size", arguments: ["swin_tiny", "swin_small", "swin_base", "swin_base384"])
    func shapes(_ name: String) throws {
        let configuration = try #require(Self.networks[name])
        let channels = configuration.width * 8
        for (image, map) in [
            ([2, 3, 224, 224], [2, channels, 7, 7]), ([1, 3, 160, 224], [1, channels, 5, 7]),
            ([1, 3, 333, 501], [1, channels, 11, 16]), ([1, 3, 30, 40], [1, channels, 1, 2]),
        ] {
            let shapes = try BackboneProbe.shapes(Shape(image)) {
                try SwinTransformer($0, configuration: configuration, classes: 3)
            }
            #expect(shapes.features == Shape(map))
            #expect(shapes.logits == [image[0], 3])
        }
    }

    @Test("refuses images of another size than the one it was built for")
    func fixedSize() throws {
        let network = try SwinTransformer(
            Parameters(ShapeParameters()), configuration: .tiny, imageSize: ImageSize(width: 224, height: 160))
        #expect(try network.features(ShapeTensor([1, 3, 160, 224])).shape == [1, 768, 5, 7])
        #expect(throws: NetworkError.self) { try network.features(ShapeTensor([1, 3, 224, 160])) }
    }

    @Test("runs in training, with branches left out for whole images")
    func training() throws {
        let source = ShapeParameters()
        let network = try SwinTransformer(Parameters(source), configuration: .tiny, classes: 3)
        source.phase.isTraining = true
        let features = try network.features(ShapeTensor([4, 3, 224, 160]))
        #expect(features.shape == [4, 768, 7, 5])
        #expect(try network.logits(features).shape == [4, 3])
    }

    @Test("translates the names of the authors' checkpoints")
    func authorsNames() throws {
        let theirs = [
            "layers.0.downsample.reduction.weight", "layers.0.blocks.1.attn.qkv.bias", "head.weight", "head.bias",
            "norm.weight", "layers.2.downsample.norm.bias",
        ]
        let translation = try #require(SwinCheckpointNames.translation(of: theirs))
        #expect(
            theirs.map { translation[$0] } == [
                "layers.1.downsample.reduction.weight", "layers.0.blocks.1.attn.qkv.bias", "head.fc.weight",
                "head.fc.bias", "norm.weight", "layers.3.downsample.norm.bias",
            ])
        #expect(SwinCheckpointNames.translation(of: translation.values) == nil)
    }

    @Test(
        "gives timm's numbers with seeded weights, at the training size, below and above it",
        arguments: ["swin_tiny", "swin_tiny_160x224", "swin_tiny_256x328"])
    func parity(_ name: String) throws {
        let errors = try BackboneProbe.errors(ModelGolden.named(name)) {
            try SwinTransformer($0, configuration: .tiny, classes: 10)
        }
        #expect(errors.count == 3)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }
}
