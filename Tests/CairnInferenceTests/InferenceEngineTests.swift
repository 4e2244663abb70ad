import CairnCore
import Foundation
import Testing

@testable import CairnInference

@Suite("Inference engine")
struct InferenceEngineTests {
    @Test("the engine names its version, devices and what the processor computes in")
    func about() throws {
        let engine = try InferenceEngine()
        #expect(InferenceEngine.version.hasPrefix("2026."))
        #expect(engine.devices.contains("CPU"))
        #expect(engine.capabilities.isSuperset(of: ["FP32", "INT8"]))
        #expect(!engine.processor.isEmpty && engine.processor != "unknown")
    }
}

@Suite("Inference configuration")
struct InferenceConfigurationTests {
    @Test("a configuration survives JSON, keeps defaults for missing keys, and refuses unknown ones")
    func json() throws {
        let configuration = InferenceConfiguration(
            precision: .bfloat16, threads: 3, streams: 2, goal: .throughput, pinsThreads: true, shapes: .fixed,
            maximumCompiledShapes: 5, cacheDirectory: "/tmp/x")
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(InferenceConfiguration.self, from: data) == configuration)
        let partial = try JSONDecoder().decode(InferenceConfiguration.self, from: Data(#"{"threads": 2}"#.utf8))
        #expect(partial == InferenceConfiguration(threads: 2))
        let error = try #require(throws: UnknownSettingError.self) {
            try JSONDecoder().decode(InferenceConfiguration.self, from: Data(#"{"thread": 2}"#.utf8))
        }
        #expect(error.message.contains("“thread”") && error.message.contains("threads"))
    }

    @Test(
        "settings outside their range are refused before anything is read",
        arguments: [
            InferenceConfiguration(threads: -1), InferenceConfiguration(streams: -1),
            InferenceConfiguration(maximumCompiledShapes: 0), InferenceConfiguration(cacheDirectory: ""),
        ])
    func ranges(configuration: InferenceConfiguration) throws {
        let error = try #require(throws: InferenceError.self) { try Fixtures.model("conv_pool.onnx", configuration) }
        #expect(error.code == .invalidConfiguration)
    }
}

@Suite("Recently used")
struct RecentlyUsedTests {
    @Test("the value not used for longest makes room")
    func order() {
        var made: [Int] = []
        var values = RecentlyUsed<Int, String>(capacity: 3)
        for key in [1, 2, 3, 1, 4, 2, 1] {
            _ = values.value(for: key) {
                made.append(key)
                return String(key)
            }
        }
        #expect(made == [1, 2, 3, 4, 2])
        #expect(values.keys == [4, 2, 1])
    }
}

@Suite("Element type")
struct ElementTypeTests {
    @Test("every half-precision number is the float that Swift makes of it")
    func halves() {
        #if arch(arm64) || os(Linux)
            for bits in UInt16.min...UInt16.max {
                let (own, swift) = (ElementType.half(bits), Float(Float16(bitPattern: bits)))
                let equal = swift.isNaN ? own.isNaN : own == swift
                if !equal { Issue.record("\(bits): \(own), \(swift)") }
            }
        #endif
    }

    @Test("elements of each type become floats")
    func conversion() {
        let integers: [Int32] = [-3, 0, 1 << 20]
        #expect(integers.withUnsafeBytes(ElementType.int32.floats) == [-3, 0, 1_048_576])
        #expect([UInt8]([0, 1, 255]).withUnsafeBytes(ElementType.uint8.floats) == [0, 1, 255])
        #expect([UInt16(0x3f80), 0xc000].withUnsafeBytes(ElementType.bfloat16.floats) == [1, -2])
        #expect([0.5, -2].withUnsafeBytes(ElementType.float64.floats) == [0.5, -2])
    }
}
