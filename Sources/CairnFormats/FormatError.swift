import CairnCore
import Glibc

/// What went wrong in reading or writing a file of arrays.
public struct FormatError: CairnError {
    /// What a caller acts on.
    public var kind: ErrorKind

    /// What happened, to what, and what to do about it.
    public var message: String

    /// The error underneath, where there is one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// The system call that just failed on `path`: its `errno` decides the kind.
    static func system(_ action: String, _ path: String, errno code: Int32) -> FormatError {
        let kind: ErrorKind =
            switch code {
            case ENOENT, ENOTDIR: .notFound
            case ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EFBIG: .resourceExhausted
            default: .failure
            }
        return FormatError(kind, "cannot \(action) \(path): \(String(cString: strerror(code)))")
    }

    /// Content that contradicts its format.
    static func malformed(_ source: String, _ detail: String) -> FormatError {
        FormatError(.invalidInput, "\(source) cannot be read: \(detail)")
    }

    /// Text that came out of a file, fit for a message: short, on one line, in quotes.
    static func quoted(_ text: String) -> String {
        let limit = 80
        var shown = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < limit else { return "'\(shown)…'" }
            shown += scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "'\(shown)'"
    }
}
