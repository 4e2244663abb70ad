import CairnInference
import CairnNN
import CairnONNX
import Testing

@testable import CairnModels

/// Against goldens of `Scripts/parity/pooling.py`: numpy twins of cnnimageretrieval's formulas, heads of torch's layers, and DELG
/// around timm's ResNet.
@Suite(.serialized) struct PoolingParityTests {
    @Test func `Poolings are cnnimageretrieval's`() throws {
        let golden = try ModelGolden.named("poolings")
        let input = try #require(golden.outputs["input"])
        let configurations: [(String, PoolingConfiguration)] = [
            ("gap", .average), ("mac", .maximum), ("gem", .gem), ("gem-learned", .learnedGeM), ("rmac", .rmac),
            ("rgem", .rgem),
        ]
        let outputs = try ParityRunner.outputs(of: input.values, shape: Shape(input.shape)) { parameters, map in
            try configurations.map { name, configuration in
                (name, try Pooling(parameters["pool"], configuration: configuration)(map))
            }
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == configurations.count)
        for (name, error) in errors { #expect(error < 1e-5, "\(name)") }
    }

    @Test func `GeM of a constant is that constant, and of one pixel in n its n-th share under the root`() throws {
        let shape: Shape = [1, 2, 2, 4]
        let values = [Float](repeating: 0.7, count: 8) + [2] + [Float](repeating: 0, count: 7)
        let outputs = try ParityRunner.outputs(of: values, shape: shape) { parameters, map in
            [("gem", try Pooling(parameters["pool"], configuration: .gem)(map))]
        }
        let gem = try #require(outputs["gem"])
        #expect(abs(gem[0] - 0.7) < 1e-6)
        #expect(abs(gem[1] - 1) < 1e-5)  // (2^3 / 8)^(1/3)
    }

    @Test func `Heads are torch's layers`() throws {
        let golden = try ModelGolden.named("heads")
        let input = try #require(golden.outputs["input"])
        let outputs = try ParityRunner.outputs(of: input.values, shape: Shape(input.shape)) { parameters, x in
            try HeadConfiguration.Kind.allCases.map { kind in
                let head = try DescriptorHead(
                    parameters["head"], configuration: HeadConfiguration(kind: kind), from: 6,
                    to: kind == .none ? nil : 4)
                return (kind.rawValue, try head(x))
            }
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == HeadConfiguration.Kind.allCases.count)
        for (name, error) in errors { #expect(error < 1e-5, "\(name)") }
    }

    @Test func `DELG's outputs are right, in use and in training`() throws {
        let golden = try ModelGolden.named("delg50")
        let shape = Shape(golden.inputShape)
        let outputs = try ParityRunner.outputs(of: SeededParameters.image(shape), shape: shape) { parameters, image in
            let network = try DELG(parameters, configuration: .resNet50)
            let features = try network(image)
            let training = try network.trainingOutput(image)
            return [
                ("global", features.global), ("local", features.local), ("attention", features.attention),
                ("embedding", training.embedding), ("reconstruction", training.reconstruction),
                ("pooledReconstruction", training.pooledReconstruction),
            ]
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == golden.outputs.count)
        for (name, error) in errors { #expect(error < 1e-4, "\(name)") }
    }
}
