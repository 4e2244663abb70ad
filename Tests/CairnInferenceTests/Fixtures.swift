import CairnInference
import Foundation
import Testing

/// The models and answers that Scripts/parity/inference.py made, and its formulas for inputs.
enum Fixtures {
    struct Answer: Decodable {
        let shape: [Int]
        let values: [Float]
    }

    private static let shared = Result { () throws(InferenceError) in try InferenceEngine() }

    /// One engine for all tests: starting OpenVINO takes longer than running these models.
    static func engine() throws -> InferenceEngine { try shared.get() }

    static func path(_ name: String) throws -> String {
        try #require(Bundle.module.resourceURL).appending(path: "Fixtures/\(name)").path
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path(name))))
    }

    /// What ONNX Runtime answered, by output.
    static func golden(_ name: String) throws -> [String: Answer] {
        let data = try Data(contentsOf: URL(filePath: path("goldens.json")))
        return try #require(JSONDecoder().decode([String: [String: Answer]].self, from: data)[name])
    }

    /// Element i is ((7919 i + 13) mod 251) / 251.
    static func values(_ shape: [Int]) -> [Float] {
        (0..<shape.reduce(1, *)).map { Float((7919 * $0 + 13) % 251) / 251 }
    }

    /// Element i is (31 i + 7) mod 256.
    static func pixels(_ height: Int, _ width: Int, _ channels: Int) -> [UInt8] {
        (0..<height * width * channels).map { UInt8(truncatingIfNeeded: 31 * $0 + 7) }
    }

    static func model(
        _ name: String, preprocessing: ImagePreprocessing? = nil, _ configuration: InferenceConfiguration = .latency
    ) throws -> NeuralModel {
        try NeuralModel(
            contentsOf: path(name), preprocessing: preprocessing, configuration: configuration,
            engine: engine())
    }

    /// A tensor of `values`.
    static func ramp(_ shape: [Int], name: String? = nil) -> InferenceInput {
        InferenceInput(values(shape), shape: shape, name: name)
    }

    static func photo(_ height: Int, _ width: Int, _ channels: Int = 3) -> InferenceInput {
        .image(pixels(height, width, channels), width: width, height: height, channels: channels)
    }

    /// A folder that goes away after the test.
    static func withTemporaryFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cairn-inference-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }
}

/// Records an issue unless the output has the answer's shape and values, each within `tolerance` of its size or 1.
func expect(
    _ output: FloatOutput?, near answer: Fixtures.Answer?, within tolerance: Float = 1e-5,
    at location: SourceLocation = #_sourceLocation
) throws {
    let output = try #require(output, sourceLocation: location)
    let answer = try #require(answer, sourceLocation: location)
    #expect(output.shape == answer.shape, sourceLocation: location)
    try #require(output.values.count == answer.values.count, sourceLocation: location)
    let worst = zip(output.values, answer.values).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
    #expect(worst <= tolerance, "\(output.values) for \(answer.values)", sourceLocation: location)
}
