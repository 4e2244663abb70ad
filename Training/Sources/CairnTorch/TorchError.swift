import CTorch
import CairnCore

/// What went wrong in LibTorch.
public struct TorchError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind
    /// What is wrong, and what to do.
    public let message: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Makes an error.
    public init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// Runs a function of the shim, and throws what it reports.
    static func check<R>(_ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R) throws(TorchError) -> R {
        try check("LibTorch", body)
    }

    /// Runs a function of the shim, and throws what it reports, with what was done before it.
    static func check<R>(
        _ what: String, _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) throws(TorchError) -> R {
        var text: UnsafeMutablePointer<CChar>?
        let result = body(&text)
        guard let text else { return result }
        defer { cairn_torch_free_text(text) }
        let sentence = sentence(String(cString: text))
        throw TorchError(kind(of: sentence), "\(what): \(sentence)")
    }

    /// LibTorch tells by words alone that memory ran out.
    private static func kind(of sentence: String) -> ErrorKind {
        let signs = ["out of memory", "can't allocate memory", "not enough memory", "std::bad_alloc"]
        return signs.contains { sentence.contains($0) } ? .resourceExhausted : .invalidArgument
    }

    /// The first line: what follows is where in LibTorch it happened.
    private static func sentence(_ text: String) -> String {
        text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? text
    }
}
