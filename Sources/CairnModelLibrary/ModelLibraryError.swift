import CairnCore
import Foundation

/// What went wrong with a model or the folder that models are kept in.
public struct ModelLibraryError: CairnError {
    /// What a caller acts on.
    public let kind: ErrorKind
    /// What is wrong, and what to do.
    public let message: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    init(_ kind: ErrorKind, _ message: String, cause: (any Error)? = nil) {
        self.kind = kind
        self.message = message
        self.cause = cause
    }

    /// A file or folder could not be written; `error` is Foundation's, whose own words are for developers.
    static func unwritable(_ what: String, _ error: any Error) -> ModelLibraryError {
        let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        switch (error as? CocoaError)?.code {
        case .fileWriteOutOfSpace:
            return ModelLibraryError(
                .resourceExhausted, "\(what): there is no space left; make room, or set CAIRN_MODELS")
        case .fileWriteNoPermission:
            return ModelLibraryError(
                .failure, "\(what): you may not write there; set CAIRN_MODELS to a folder of your own")
        default:
            if system?.code == Int(ENOSPC) {
                return ModelLibraryError(
                    .resourceExhausted, "\(what): there is no space left; make room, or set CAIRN_MODELS")
            }
            let reason = system.map { String(cString: strerror(Int32($0.code))) } ?? "is something else in the way?"
            return ModelLibraryError(.failure, "\(what): \(reason)")
        }
    }
}
