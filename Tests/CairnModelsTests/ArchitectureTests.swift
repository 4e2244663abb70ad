import CairnCore
import CairnNN
import Testing

@testable import CairnModels

@Suite struct ArchitectureTests {
    /// Learned numbers with the published classifier of 1,000 classes, as timm 1.0.31 counts its models of these names. timm has no
    /// `bninception`: its count is that of Cadene's pretrained-models.
    static let parameterCounts: [String: Int] = [
        "resnet18": 11_689_512,
        "resnet34": 21_797_672,
        "resnet50": 25_557_032,
        "resnet101": 44_549_160,
        "resnet152": 60_192_808,
        "resnet50d": 25_576_264,
        "resnet101d": 44_568_392,
        "resnet152d": 60_212_040,
        "resnext50_32x4d": 25_028_904,
        "resnext101_32x4d": 44_177_704,
        "resnext101_32x8d": 88_791_336,
        "seresnet50": 28_088_024,
        "seresnet101": 49_326_872,
        "seresnext101_32x4d": 48_955_416,
        "legacy_seresnet101": 49_326_872,
        "legacy_seresnext101_32x4d": 48_955_416,
        "resnest50d": 27_483_240,
        "resnest101e": 48_275_016,
        "resnest200e": 70_201_544,
        "inception_v4": 42_679_816,
        "bninception": 11_295_240,
        "efficientnet_b0": 5_288_548,
        "efficientnet_b1": 7_794_184,
        "efficientnet_b2": 9_109_994,
        "efficientnet_b3": 12_233_232,
        "efficientnet_b4": 19_341_616,
        "efficientnet_b5": 30_389_784,
        "efficientnet_b6": 43_040_704,
        "efficientnet_b7": 66_347_960,
        "tf_efficientnet_b0": 5_288_548,
        "tf_efficientnet_b1": 7_794_184,
        "tf_efficientnet_b2": 9_109_994,
        "tf_efficientnet_b3": 12_233_232,
        "tf_efficientnet_b4": 19_341_616,
        "tf_efficientnet_b5": 30_389_784,
        "tf_efficientnet_b6": 43_040_704,
        "tf_efficientnet_b7": 66_347_960,
        "dm_nfnet_f0": 71_489_284,
        "nfnet_l0": 35_074_488,
        "swin_tiny_patch4_window7_224": 28_288_354,
        "swin_small_patch4_window7_224": 49_606_258,
        "swin_base_patch4_window7_224": 87_768_224,
        "swin_base_patch4_window12_384": 87_903_584,
    ]

    @Test func `Every architecture has a name of its own and is found by it`() throws {
        #expect(Set(Architecture.all.map(\.name)) == Set(Self.parameterCounts.keys))
        for architecture in Architecture.all { #expect(try Architecture.named(architecture.name) == architecture) }
    }

    @Test func `An unknown name is refused, and the known ones are listed`() {
        let error = #expect(throws: NetworkError.self) { try Architecture.named("resnet51") }
        #expect(error?.kind == .notFound)
        #expect(error?.message.contains("resnet50,") == true)
    }

    @Test(arguments: Architecture.all)
    func `It has as many parameters as timm's, each under one name`(_ architecture: Architecture) throws {
        let source = ShapeParameters()
        _ = try architecture.makeBackbone(Parameters(source), classes: 1000)
        let learned = source.specs.filter { $0.role != .buffer }.reduce(0) { $0 + $1.shape.elementCount }
        #expect(learned == Self.parameterCounts[architecture.name])
        #expect(Set(source.specs.map(\.name)).count == source.specs.count)
    }

    @Test(arguments: Architecture.all)
    func `It gives maps at a 32nd of the image's size, and logits`(_ architecture: Architecture) throws {
        let backbone = try architecture.makeBackbone(Parameters(ShapeParameters()), classes: 7)
        for (height, width) in [(224, 224), (320, 448)] {
            let map = try backbone.features(ShapeTensor([2, 3, height, width]))
            // Inception-v4 does not pad, and loses up to two rows and columns.
            let lost = architecture.name == "inception_v4" ? 2 : 0
            #expect(map.shape[0] == 2 && map.shape[1] == backbone.channels)
            #expect(map.shape[2] == height / 32 - lost && map.shape[3] == width / 32 - lost)
            #expect(try backbone.logits(map).shape == [2, 7])
        }
    }

    @Test(arguments: Architecture.all)
    func `Only names with its prefixes belong to the classifier`(_ architecture: Architecture) throws {
        let (with, without) = (ShapeParameters(), ShapeParameters())
        let network = try architecture.makeBackbone(Parameters(with), classes: 1000)
        let backbone = try architecture.makeBackbone(Parameters(without), classes: nil)
        let classifier = Set(with.specs.map(\.name)).subtracting(without.specs.map(\.name))
        let prefixed = with.specs.map(\.name).filter { name in
            architecture.classifierPrefixes.contains { name.hasPrefix($0) }
        }
        #expect(classifier == Set(prefixed) && !classifier.isEmpty)
        #expect(network.hasClassifier && !backbone.hasClassifier)
        let map = ShapeTensor([1, backbone.channels, 7, 7])
        #expect(throws: NetworkError.self) { try backbone.logits(map) }
    }
}
