internal import COpenVINO
import CairnCore
import Synchronization

/// OpenVINO's own account of a failure, whole.
public struct OpenVINOFailure: Error, Sendable, CustomStringConvertible {
    /// The status that the call returned; negative.
    public let status: Int32

    /// Everything that OpenVINO said: source locations, the failed check, the sentence.
    public let text: String

    /// The text.
    public var description: String { text }

    /// The text's last sentences, without source locations and the node's printed form; at most 300 characters.
    public var summary: String {
        let noise = [
            "Exception from", "Check '", "While validating", "FrontEnd API failed", "Summary:", "To facilitate",
        ]
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
        let telling = lines.filter { line in !line.isEmpty && !noise.contains { line.hasPrefix($0) } }
        let kept = telling.suffix(2).joined(separator: " ")
        guard !kept.isEmpty else { return String(text.prefix(300)) }
        return kept.count > 300 ? kept.prefix(297) + "..." : kept
    }

    /// The operators that no conversion exists for, by domain and name: `example.Sharpen`.
    public var unsupportedOperators: [String] {
        let markers = ["No conversion rule found for operations:", "does not support the following ONNX operations:"]
        for line in text.split(whereSeparator: \.isNewline) {
            for marker in markers {
                guard let range = line.firstRange(of: marker) else { continue }
                return line[range.upperBound...].split { $0 == "," || $0 == " " }.map(String.init)
            }
        }
        return []
    }
}

/// Calls into OpenVINO whose failures are told in words.
///
/// OpenVINO keeps one last error for the whole process, so those calls that can fail because of what they were given
/// take turns: a message then belongs to the call that failed.
enum OpenVINOCall {
    private static let turn = Mutex<Void>(())

    /// Runs `body` with no other call of this kind under way; throws what it failed with, as `code` and `subject`
    /// tell it.
    static func exclusive(
        _ code: InferenceError.Code, _ subject: @autoclosure () -> String, _ body: () -> ov_status_e
    ) throws(InferenceError) {
        let failure: OpenVINOFailure? = turn.withLock { _ in Self.failure(of: body()) }
        if let failure { throw InferenceError(code, subject(), failure) }
    }

    /// As `exclusive`, for calls that must not wait for others; under concurrent failures the text may be another's.
    static func concurrent(
        _ code: InferenceError.Code, _ subject: @autoclosure () -> String, _ body: () -> ov_status_e
    ) throws(InferenceError) {
        if let failure = failure(of: body()) { throw InferenceError(code, subject(), failure) }
    }

    /// Takes over the handle that `body` makes.
    static func handle(
        _ code: InferenceError.Code, _ subject: @autoclosure () -> String,
        free: @escaping @Sendable (OpaquePointer?) -> Void,
        _ body: (UnsafeMutablePointer<OpaquePointer?>) -> ov_status_e
    ) throws(InferenceError) -> OpenVINOHandle {
        var pointer: OpaquePointer?
        try exclusive(code, subject()) { body(&pointer) }
        guard let pointer else { throw InferenceError(code, "\(subject()): OpenVINO gave nothing") }
        return OpenVINOHandle(pointer, free: free)
    }

    /// Takes over a string that OpenVINO allocated.
    static func string(_ text: UnsafePointer<CChar>?) -> String {
        guard let text else { return "" }
        defer { ov_free(text) }
        return String(cString: text)
    }

    private static func failure(of status: ov_status_e) -> OpenVINOFailure? {
        guard status != OK else { return nil }
        let text = string(ov_get_last_err_msg())
        let name = ov_get_error_info(status).map { String(cString: $0) } ?? "status \(status.rawValue)"
        return OpenVINOFailure(status: Int32(status.rawValue), text: text.isEmpty ? name : text)
    }
}

extension InferenceError {
    /// `subject` says what failed, OpenVINO's text why. A cause that the text shows plainly overrides `code`.
    init(_ code: Code, _ subject: String, _ failure: OpenVINOFailure) {
        let operators = failure.unsupportedOperators
        if !operators.isEmpty {
            let names = operators.joined(separator: ", ")
            let advice = "export the model with standard ONNX operators"
            self.init(.unsupportedOperator, "\(subject): OpenVINO has no operator \(names); \(advice)", cause: failure)
        } else if failure.text.contains("bad_alloc") || failure.text.contains("No space left") {
            self.init(.outOfResources, "\(subject): out of memory or disk space", cause: failure)
        } else if failure.text.contains("Cannot load library") || failure.text.contains("cannot open shared object") {
            let advice = "run Scripts/bootstrap, or install Cairn again"
            self.init(.libraryMissing, "\(subject): a part of OpenVINO is missing; \(advice)", cause: failure)
        } else {
            self.init(code, "\(subject): \(failure.summary)", cause: failure)
        }
    }
}
