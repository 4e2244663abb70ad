import CairnInference
import Foundation

/// What models are run with: the engine, and how it uses the machine. Not part of what decides a descriptor.
public struct ModelRuntime: Sendable {
    /// How many bits arithmetic has.
    public enum Precision: String, Sendable, Codable, CaseIterable {
        /// `bfloat16` where the processor multiplies such numbers itself, else `float32`.
        case automatic = "auto"
        /// 32-bit floats.
        case float32
        /// 16-bit brain floats with 32-bit sums.
        case bfloat16
    }

    /// What compiles and runs.
    public let engine: InferenceEngine
    /// How global models are compiled and run.
    public let configuration: InferenceConfiguration
    /// How keypoint models are: in 32-bit floats unless asked for otherwise, because 16 bits move keypoints.
    public let localConfiguration: InferenceConfiguration

    /// Makes a runtime.
    ///
    /// - Parameters:
    ///   - precision: Bits of arithmetic.
    ///   - goal: One image as fast as can be, or a folder.
    ///   - threads: Threads in all; 0 is one a core.
    ///   - cacheDirectory: Where compiled models are kept from one process to the next; `nil` keeps none.
    public init(
        precision: Precision = .automatic, goal: InferenceConfiguration.Goal = .latency, threads: Int = 0,
        cacheDirectory: String? = ModelRuntime.defaultCacheDirectory
    ) throws {
        let engine = try InferenceEngine()
        let bits: InferenceConfiguration.Precision =
            switch precision {
            case .float32: .float32
            case .bfloat16: .bfloat16
            case .automatic: engine.hasNativeBFloat16 ? .bfloat16 : .float32
            }
        self.engine = engine
        configuration = InferenceConfiguration(
            precision: bits, threads: threads, goal: goal, cacheDirectory: cacheDirectory)
        localConfiguration = InferenceConfiguration(
            precision: precision == .bfloat16 ? .bfloat16 : .float32, threads: threads, goal: goal,
            cacheDirectory: cacheDirectory)
    }

    /// `cairn/compiled` in the XDG cache folder, or in `~/.cache`.
    public static var defaultCacheDirectory: String {
        let environment = ProcessInfo.processInfo.environment
        let base =
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? (environment["HOME"] ?? "/tmp") + "/.cache"
        return base + "/cairn/compiled"
    }
}
