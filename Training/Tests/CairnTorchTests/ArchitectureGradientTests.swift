import CairnModels
import CairnNN
import Testing

@testable import CairnTorch

extension TorchSuite {
    /// Every architecture's gradients beside PyTorch's.
    @Suite struct ArchitectureGradientTests {
        @Test func `every architecture has a golden`() {
            let missing = Architecture.all.map(\.name).filter { GradientGolden.all[$0] == nil }
            #expect(missing.isEmpty)
        }

        /// In double precision: in single, a rectifier's input within a rounding of zero lands on the other side on
        /// another processor, and in a deep network of random weights that moves gradients by a thousandth.
        @Test("Gradients are PyTorch's, in evaluation and in training", arguments: Architecture.all.map(\.name))
        func gradients(name: String) throws {
            try Self.compare(name, in: .float64)
        }

        @Test("Gradients are PyTorch's in single precision", arguments: ["resnet18", "swin_tiny_patch4_window7_224"])
        func singlePrecisionGradients(name: String) throws {
            try Self.compare(name, in: .float32)
        }

        private static func compare(_ name: String, in elementType: TorchElementType) throws {
            let golden = try #require(GradientGolden.all[name])
            let source = SeededTensors(elementType)
            let network = try Architecture.named(name).withoutDropping.makeBackbone(Parameters(source))
            try compare(name, network, source, with: golden.eval)
            guard let mode = golden.train else { return }
            source.phase.isTraining = true
            // Positive inputs of rectifiers keep roundings small in deep networks of random weights.
            for name in source.tensors.keys where name.hasSuffix(".running_mean") {
                let bias = try #require(source.tensors[name.dropLast(12) + "bias"])
                try bias.copy(from: Torch.withoutGradients { try bias + 2 })
            }
            try compare(name, network, source, with: mode)
            for (statistic, expected) in mode.statistics ?? [:] {
                let tensor = try #require(source.tensors[statistic])
                #expect(try GradientGolden.error(of: tensor, from: expected) < 1e-4, "\(name) \(statistic)")
            }
        }

        /// Seeded weights in either precision.
        private final class SeededTensors: ParameterSource {
            let phase = ForwardPhase()
            let elementType: TorchElementType
            private(set) var tensors: [String: TorchTensor] = [:]

            init(_ elementType: TorchElementType) { self.elementType = elementType }

            func parameter(_ spec: ParameterSpec) throws -> TorchTensor {
                if let tensor = tensors[spec.name] { return tensor }
                let values = SeededParameters.values(named: spec.name, shape: spec.shape)
                let tensor = try TorchTensor(values, shape: spec.shape).converted(to: elementType)
                    .requiringGradient(spec.role != .buffer)
                tensors[spec.name] = tensor
                return tensor
            }
        }

        private static func compare(
            _ name: String, _ network: any Backbone<TorchTensor>, _ source: SeededTensors,
            with golden: GradientGolden.Mode
        ) throws {
            for tensor in source.tensors.values { try tensor.setGradient(nil) }
            let shape = Shape(golden.shape)
            let image = try TorchTensor(SeededParameters.image(shape, name: golden.input), shape: shape)
                .converted(to: source.elementType).requiringGradient()
            let features = try network.features(image)
            let cotangent = try TorchTensor(
                SeededParameters.image(features.shape, name: "cotangent").map { $0 / 16 }, shape: features.shape)
            let loss = try (features * cotangent).sum([0, 1, 2, 3])
            #expect(abs(try loss.item() - golden.loss) / golden.lossScale < 1e-4, "\(name) loss")
            try loss.backward()
            let imageGradient = try #require(try image.gradient)
            #expect(try GradientGolden.error(of: imageGradient, from: golden.image) < 1e-4, "\(name) image")
            for (parameter, expected) in golden.parameters {
                let tensor = try #require(source.tensors[parameter], "\(name) has no \(parameter)")
                let gradient = try #require(try tensor.gradient, "\(name) \(parameter) has no gradient")
                let error = try GradientGolden.error(of: gradient, from: expected)
                #expect(error < 1e-4, "\(name) \(parameter): \(error)")
            }
        }
    }
}
