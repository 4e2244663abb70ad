import CImageCodecs
import CairnCore

/// Why an image could not be read, drawn or written.
public struct ImagingError: CairnError, Hashable {
    /// What went wrong, one case for each thing that a caller may want to count or explain on its own.
    public enum Code: String, Sendable, Codable, CaseIterable {
        /// The path names nothing.
        case notFound
        /// The path names a folder, or something else that is not a plain file.
        case notAFile
        /// The file may not be read, or reading it failed.
        case unreadable
        /// The file has no bytes.
        case emptyFile
        /// The bytes are not an image at all.
        case notAnImage
        /// An image, in a format or variant that is not supported.
        case unsupportedFormat
        /// The image's data ends too early.
        case truncated
        /// The image's data contradicts itself.
        case corrupt
        /// The image has more pixels than the limit allows.
        case tooManyPixels
        /// The file is too large to be read at all.
        case fileTooLarge
        /// The machine has no memory left for it.
        case outOfMemory
        /// The image could not be encoded.
        case encodingFailed
    }

    /// What went wrong.
    public let code: Code

    /// One sentence: what happened, to what, what to do.
    public let message: String

    /// The codec's own words, where it had any.
    public let detail: String?

    /// Makes an error.
    public init(_ code: Code, _ message: String, detail: String? = nil) {
        self.code = code
        self.message = message
        self.detail = detail?.isEmpty == true ? nil : detail
    }

    /// What a caller acts on.
    public var kind: ErrorKind {
        switch code {
        case .notFound: .notFound
        case .notAFile: .invalidArgument
        case .unreadable, .encodingFailed: .failure
        case .emptyFile, .notAnImage, .truncated, .corrupt: .invalidInput
        case .unsupportedFormat: .unsupported
        case .tooManyPixels, .fileTooLarge: .limitExceeded
        case .outOfMemory: .resourceExhausted
        }
    }

    /// The codec's own words as an error.
    public var cause: (any Error)? { detail.map(CodecMessage.init) }

    /// The same error, its message opening with the file that it is about.
    func naming(_ path: String) -> ImagingError {
        ImagingError(code, "\(path): \(message)", detail: detail)
    }
}

/// A native codec's message.
struct CodecMessage: Error, CustomStringConvertible {
    /// The codec's own words.
    let description: String
}

extension ImagingError {
    /// Translates what a native decoder reported about a file of `format`.
    init(_ failure: cairn_codec_failure, decoding format: ImageFormat, looksTruncated: Bool) {
        let detail = failure.text
        switch Int(failure.code) {
        case CAIRN_CODEC_TRUNCATED:
            self = .truncated(format, detail: detail)
        case CAIRN_CODEC_CORRUPT where looksTruncated || Self.tellsOfMissingBytes(detail):
            self = .truncated(format, detail: detail)
        case CAIRN_CODEC_UNSUPPORTED:
            self.init(
                .unsupportedFormat, "this kind of \(format.name) file is not supported: save it as a plain JPEG or PNG",
                detail: detail)
        case CAIRN_CODEC_OUT_OF_MEMORY:
            self.init(.outOfMemory, "not enough memory to decode this \(format.name) file", detail: detail)
        default:
            self.init(
                .corrupt, "the \(format.name) data is damaged: restore the file from a good copy", detail: detail)
        }
    }

    /// Whether a codec complains that it read, or was sent, past the end of the data. Formats such as TIFF do not say how
    /// long a file should be, and their codecs report this like any damage.
    private static func tellsOfMissingBytes(_ detail: String) -> Bool {
        ["bad seek", "Can not read", "Unexpected end", "IO error", "Read error", "end of file"].contains {
            detail.contains($0)
        }
    }

    private static func truncated(_ format: ImageFormat, detail: String) -> ImagingError {
        ImagingError(
            .truncated,
            "the \(format.name) data is truncated: copy the file again, or allow partial images to keep what can be read",
            detail: detail)
    }
}

extension cairn_codec_failure {
    /// The message as a string; bytes that are not UTF-8 are replaced.
    var text: String {
        withUnsafeBytes(of: message) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
