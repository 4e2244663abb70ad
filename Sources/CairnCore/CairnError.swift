/// What went wrong, in the few kinds that a caller acts on differently.
///
/// The command line maps a kind to an exit status, a server to an HTTP status; both do so in one place.
public enum ErrorKind: String, Sendable, Codable, CaseIterable {
    /// The request itself makes no sense: an impossible option, an empty list.
    case invalidArgument
    /// A file, image, label or model that was named does not exist.
    case notFound
    /// A file was read and is not what it should be: truncated, not an image, the wrong format.
    case invalidInput
    /// The input is larger than a limit that the caller set.
    case limitExceeded
    /// Well-formed, but of a kind or version that this build cannot handle.
    case unsupported
    /// Something else holds what is needed: a second writer.
    case conflict
    /// Stored data does not match its own checksum or record.
    case corrupted
    /// The machine ran out of something: disk space, memory, file handles.
    case resourceExhausted
    /// The file system or a library failed in a way that no other kind describes.
    case failure
}

/// The one shape that every module's error has: a kind to act on, a sentence to read, and what caused it.
///
/// The message says what happened, to what, and what to do about it.
public protocol CairnError: Error, CustomStringConvertible {
    /// What a caller acts on.
    var kind: ErrorKind { get }
    /// One sentence for a person: what, where, and what to do.
    var message: String { get }
    /// The error underneath, where there is one.
    var cause: (any Error)? { get }
}

extension CairnError {
    /// The message, with the cause behind it.
    public var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}
