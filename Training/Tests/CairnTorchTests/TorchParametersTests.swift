import CairnCheckpoints
import CairnFormats
import CairnNN
import Foundation
import Testing

@testable import CairnTorch

extension TorchSuite {
    @Suite struct TorchParametersTests {
        static func spec(
            _ name: String, _ shape: Shape, _ role: ParameterRole = .weight, _ initializer: Initializer = .xavierUniform
        ) -> ParameterSpec {
            ParameterSpec(name: name, shape: shape, role: role, initializer: initializer)
        }

        /// A file that is gone when the test is.
        final class Folder {
            let path = FileManager.default.temporaryDirectory.path + "/cairn-torch-\(UUID().uuidString)"
            init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
            deinit { try? FileManager.default.removeItem(atPath: path) }
        }

        static func model(seed: UInt64) throws -> TorchParameters {
            let source = TorchParameters(seed: seed)
            _ = try source.parameter(spec("body.weight", [4, 3], .weight, .kaimingUniform))
            _ = try source.parameter(spec("body.running_mean", [4], .buffer, .constant(2)))
            _ = try source.parameter(spec("head.weight", [5, 4], .weight, .normal(deviation: 1)))
            return source
        }

        @Test func `a parameter's start depends on the seed and its name alone`() throws {
            let (first, second) = (TorchParameters(seed: 3), TorchParameters(seed: 3))
            _ = try second.parameter(Self.spec("another", [7]))
            let a = try first.parameter(Self.spec("a", [3, 4])).floats()
            #expect(try second.parameter(Self.spec("a", [3, 4])).floats() == a)
            #expect(try TorchParameters(seed: 4).parameter(Self.spec("a", [3, 4])).floats() != a)
            #expect(try first.parameter(Self.spec("b", [3, 4])).floats() != a)
        }

        @Test(
            "Numbers are spread as their initialiser says",
            arguments: [
                (Initializer.normal(deviation: 0.5), 0.25), (.truncatedNormal(deviation: 1), 0.7737),
                (.uniform(bound: 3), 3), (.kaimingNormalFanOut, 2.0 / (100 * 9)), (.kaimingUniform, 1.0 / (3 * 50 * 9)),
                (.xavierUniform, 2.0 / (150 * 9)),
            ] as [(Initializer, Double)])
        func spread(initializer: Initializer, variance: Double) throws {
            let values = try TorchParameters(seed: 5).parameter(Self.spec("w", [100, 50, 3, 3], .weight, initializer))
                .doubles()
            let mean = values.reduce(0, +) / Double(values.count)
            let found = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            #expect(abs(mean) < 0.02 * variance.squareRoot())
            #expect(abs(found / variance - 1) < 0.02)
        }

        @Test func `layers that share a parameter get the same tensor, and another shape is refused`() throws {
            let source = TorchParameters(seed: 1)
            let a = try source.parameter(Self.spec("a", [2]))
            #expect(try source.parameter(Self.spec("a", [2])) === a)
            #expect(throws: NetworkError.self) { try source.parameter(Self.spec("a", [3])) }
            #expect(a.requiresGradient)
            #expect(try !source.parameter(Self.spec("b", [2], .buffer)).requiresGradient)
        }

        @Test func `what was saved is loaded, into the tensors that there are`() throws {
            let folder = try Folder()
            let (saved, other) = (try Self.model(seed: 1), try Self.model(seed: 2))
            try saved.save(to: folder.path + "/a.safetensors", metadata: ["epoch": "3"])
            let checkpoint = try Checkpoint(contentsOf: folder.path + "/a.safetensors")
            #expect(checkpoint.metadata == ["epoch": "3"])
            let held = try #require(other.tensor(named: "head.weight"))
            try other.load(checkpoint)
            for entry in saved.entries {
                #expect(try other.tensor(named: entry.spec.name)?.floats() == (try entry.tensor.floats()))
            }
            #expect(other.tensor(named: "head.weight") === held)
            #expect(held.requiresGradient)
        }

        @Test func `a file that lacks a parameter changes nothing`() throws {
            let folder = try Folder()
            let (saved, other) = (TorchParameters(seed: 1), try Self.model(seed: 2))
            _ = try saved.parameter(Self.spec("body.weight", [4, 3]))
            try saved.save(to: folder.path + "/a.safetensors")
            let before = try other.tensor(named: "body.weight")?.floats()
            #expect(throws: CheckpointError.self) {
                try other.load(Checkpoint(contentsOf: folder.path + "/a.safetensors"))
            }
            #expect(try other.tensor(named: "body.weight")?.floats() == before)
        }

        @Test func `fine-tuning takes everything but the head`() throws {
            let folder = try Folder()
            let saved = try Self.model(seed: 1)
            try saved.save(to: folder.path + "/a.safetensors")
            let specs = [
                Self.spec("body.weight", [4, 3]), Self.spec("body.running_mean", [4], .buffer),
                Self.spec("head.weight", [9, 4]),
            ]
            let stored = try Checkpoint(contentsOf: folder.path + "/a.safetensors")
                .parameters(for: specs, configuration: .ignoringHead(["head.*"]))
            let tuned = TorchParameters(seed: 7, stored: stored)
            for spec in specs { _ = try tuned.parameter(spec) }
            #expect(try tuned.tensor(named: "body.weight")?.floats() == saved.tensor(named: "body.weight")?.floats())
            #expect(tuned.tensor(named: "head.weight")?.shape == [9, 4])
        }
    }
}
