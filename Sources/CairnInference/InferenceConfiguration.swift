import CairnCore

/// How models are compiled and run.
public struct InferenceConfiguration: Sendable, Codable, Hashable {
    /// The arithmetic of convolutions and matrix products. Parts that the model itself quantised to int8 stay so.
    public enum Precision: String, Sendable, Codable, CaseIterable {
        /// 32-bit floats throughout.
        case float32
        /// 16-bit brain floats with 32-bit sums; on processors with AMX or AVX512_BF16 about twice as fast. OpenVINO
        /// falls back to 32 bits where the processor has nothing for it.
        case bfloat16
    }

    /// What streams are chosen for when `streams` is 0.
    public enum Goal: String, Sendable, Codable, CaseIterable {
        /// One request at a time, with all threads.
        case latency
        /// As many requests side by side as the processor likes.
        case throughput
    }

    /// How a model whose height and width are free is compiled.
    public enum ShapePolicy: String, Sendable, Codable, CaseIterable {
        /// Once, for every size. Within a few per cent as fast as fixed shapes; a new size costs a fraction of a
        /// compilation and a few megabytes, and none of the weights is held twice.
        case free
        /// Once for every size, on first use; the `maximumCompiledShapes` used last are kept. For graphs that OpenVINO
        /// simplifies much when it knows the size. Each size holds its own copy of the weights.
        case fixed
    }

    /// The arithmetic.
    public var precision: Precision

    /// Threads in all; 0 is one for each processor core.
    public var threads: Int

    /// Requests computed side by side, each by its share of the threads; 0 lets `goal` decide.
    public var streams: Int

    /// What streams are chosen for when `streams` is 0.
    public var goal: Goal

    /// Whether threads stay on their cores. Good on a machine that does nothing else; beside other work, decoding of
    /// images for one, it makes networks slower.
    public var pinsThreads: Bool

    /// How free heights and widths are compiled.
    public var shapes: ShapePolicy

    /// How many compiled shapes are kept under `.fixed`.
    public var maximumCompiledShapes: Int

    /// The folder in which compiled models are kept from one process to the next; nil keeps none. Made when missing. A
    /// file there is as large as the model's weights, and saves part of the compilation, never the reading of the model.
    /// Whoever can write there decides what runs: it must be the user's own.
    public var cacheDirectory: String?

    /// Sets what differs from `.latency`.
    public init(
        precision: Precision = .float32, threads: Int = 0, streams: Int = 0, goal: Goal = .latency,
        pinsThreads: Bool = false, shapes: ShapePolicy = .free, maximumCompiledShapes: Int = 8,
        cacheDirectory: String? = nil
    ) {
        self.precision = precision
        self.threads = threads
        self.streams = streams
        self.goal = goal
        self.pinsThreads = pinsThreads
        self.shapes = shapes
        self.maximumCompiledShapes = maximumCompiledShapes
        self.cacheDirectory = cacheDirectory
    }

    /// One image after the other, each as fast as can be, in 32-bit floats.
    public static let latency = InferenceConfiguration()

    /// A folder of images: several side by side, in 32-bit floats.
    public static let throughput = InferenceConfiguration(goal: .throughput)

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case precision, threads, streams, goal, pinsThreads, shapes, maximumCompiledShapes, cacheDirectory
    }

    /// Reads a configuration; a missing key keeps its default, an unknown one is an error.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "inference")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self = .latency
        precision = try values.decodeIfPresent(Precision.self, forKey: .precision) ?? precision
        threads = try values.decodeIfPresent(Int.self, forKey: .threads) ?? threads
        streams = try values.decodeIfPresent(Int.self, forKey: .streams) ?? streams
        goal = try values.decodeIfPresent(Goal.self, forKey: .goal) ?? goal
        pinsThreads = try values.decodeIfPresent(Bool.self, forKey: .pinsThreads) ?? pinsThreads
        shapes = try values.decodeIfPresent(ShapePolicy.self, forKey: .shapes) ?? shapes
        maximumCompiledShapes =
            try values.decodeIfPresent(Int.self, forKey: .maximumCompiledShapes) ?? maximumCompiledShapes
        cacheDirectory = try values.decodeIfPresent(String.self, forKey: .cacheDirectory)
    }

    /// Throws unless every setting is in its range.
    public func validate() throws(InferenceError) {
        guard (0...4096).contains(threads), (0...1024).contains(streams), (1...1024).contains(maximumCompiledShapes),
            cacheDirectory != ""
        else {
            let ranges = "threads from 0 to 4096, streams from 0 to 1024, maximumCompiledShapes from 1 to 1024"
            throw InferenceError(
                .invalidConfiguration, "inference needs \(ranges), and a cache directory with a name, not \(self)")
        }
    }

    /// The configuration in OpenVINO's words.
    var properties: [(key: String, value: String)] {
        var properties = [
            ("INFERENCE_PRECISION_HINT", precision == .bfloat16 ? "bf16" : "f32"),
            ("PERFORMANCE_HINT", goal == .latency ? "LATENCY" : "THROUGHPUT"),
            ("ENABLE_CPU_PINNING", pinsThreads ? "YES" : "NO"),
        ]
        if threads > 0 { properties.append(("INFERENCE_NUM_THREADS", String(threads))) }
        if streams > 0 { properties.append(("NUM_STREAMS", String(streams))) }
        if let cacheDirectory { properties.append(("CACHE_DIR", cacheDirectory)) }
        return properties
    }
}
