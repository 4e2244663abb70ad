import CairnCore
import CairnNN
import Foundation
import Testing

@testable import CairnModels

@Suite("EfficientNet")
struct EfficientNetTests {
    private static let presets: [EfficientNetConfiguration] = [.b0, .b1, .b2, .b3, .b4, .b5, .b6, .b7]

    @Test("asks for the names and shapes of timm's state dicts", arguments: 0..<8)
    func names(_ number: Int) throws {
        let committed = try ParameterNames.committed("efficientnet")
        let plain = try BackboneProbe.names {
            try EfficientNet($0, configuration: Self.presets[number], classes: 1000)
        }
        #expect(committed["efficientnet_b\(number)"] == plain)
        let tensorFlow = try BackboneProbe.names {
            try EfficientNet($0, configuration: Self.presets[number].tensorFlow, classes: 1000)
        }
        #expect(committed["tf_efficientnet_b\(number)"] == tensorFlow)
    }

    @Test("makes maps of 1/32 of the size, rounded up", arguments: 0..<8)
    func shapes(_ number: Int) throws {
        let widths = [1280, 1280, 1408, 1536, 1792, 2048, 2304, 2560]
        for configuration in [Self.presets[number], Self.presets[number].tensorFlow] {
            let even = try BackboneProbe.shapes([2, 3, 224, 320]) {
                try EfficientNet($0, configuration: configuration, classes: 5)
            }
            #expect(even.features == [2, widths[number], 7, 10])
            #expect(even.logits == [2, 5])
            let odd = try BackboneProbe.shapes([1, 3, 97, 131]) {
                try EfficientNet($0, configuration: configuration, classes: 5)
            }
            #expect(odd.features == [1, widths[number], 4, 5])
        }
    }

    @Test("pads as TensorFlow does, the odd zero last")
    func padding() {
        let map: Shape = [1, 8, 64, 65]
        #expect(
            ConvolutionPadding.same.insets(around: map, kernel: 3, stride: 2)
                == Insets(top: 0, left: 1, bottom: 1, right: 1))
        #expect(
            ConvolutionPadding.same.insets(around: map, kernel: 5, stride: 2)
                == Insets(top: 1, left: 2, bottom: 2, right: 2))
        #expect(ConvolutionPadding.same.insets(around: map, kernel: 3, stride: 1) == Insets(1))
        #expect(ConvolutionPadding.symmetric.insets(around: map, kernel: 5, stride: 2) == Insets(2))
        #expect(ConvolutionPadding.symmetric.insets(around: map, kernel: 1, stride: 1) == Insets(0))
    }

    @Test("keeps its configuration through JSON and refuses unknown settings")
    func configuration() throws {
        let data = try JSONEncoder().encode(EfficientNetConfiguration.b3.tensorFlow)
        #expect(try JSONDecoder().decode(EfficientNetConfiguration.self, from: data) == .b3.tensorFlow)
        let wrong = Data(#"{"width": 1, "depth": 1, "dropout": 0.2, "widht": 2}"#.utf8)
        #expect(throws: UnknownSettingError.self) {
            try JSONDecoder().decode(EfficientNetConfiguration.self, from: wrong)
        }
    }

    @Test(
        "gives timm's numbers with seeded weights",
        arguments: ["efficientnet_b0", "efficientnet_b1", "tf_efficientnet_b0"])
    func parity(_ name: String) throws {
        let configuration = try #require(
            ["efficientnet_b0": .b0, "efficientnet_b1": .b1, "tf_efficientnet_b0": .b0.tensorFlow][name]
                as EfficientNetConfiguration?)
        let errors = try BackboneProbe.errors(ModelGolden.named(name)) {
            try EfficientNet($0, configuration: configuration, classes: 10)
        }
        #expect(errors.count == 3)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }
}
