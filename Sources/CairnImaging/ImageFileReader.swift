import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads files that may be images: the first bytes decide whether the rest is read at all.
enum ImageFileReader {
    /// Files are read whole: a sparse file of a terabyte that begins like a photo must not be.
    static let maximumFileSize = 1 << 31

    /// All bytes of an image file. A film of many gigabytes with a photo's suffix costs one small read.
    static func bytes(ofFile path: String) throws -> Data {
        // O_NONBLOCK: a named pipe must not hang the caller before it is found not to be a file.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw ImagingError(.notAFile, "this is a folder: name an image file")
        default: throw ImagingError(.notAFile, "this is not a plain file: name an image file")
        }
        guard status.st_size > 0 else { throw ImagingError(.emptyFile, "the file is empty") }
        let size = Int(status.st_size)
        var prefix = Data(count: min(size, ContentKind.prefixLength))
        prefix.count = try fill(&prefix, descriptor)
        _ = try format(ofPrefix: prefix)
        guard size <= maximumFileSize else {
            throw ImagingError(
                .fileTooLarge, "the file has \(size) bytes, more than any photo of a size that can be decoded")
        }
        var bytes = Data(count: size)
        // A file that has shrunk meanwhile is read as far as it goes.
        bytes.count = try fill(&bytes, descriptor)
        return bytes
    }

    /// The format that the first bytes show; throws, saying what they look like, when there is none that can be decoded.
    static func format(ofPrefix bytes: Data) throws -> ImageFormat {
        switch ContentKind(prefix: bytes.prefix(ContentKind.prefixLength)) {
        case .image(let format):
            return format
        case .unsupportedImage(let name):
            throw ImagingError(.unsupportedFormat, "\(name) images are not supported: save it as JPEG or PNG")
        case .other(let description):
            throw ImagingError(.notAnImage, "this is not an image but \(description)")
        }
    }

    /// Reads from the file's start until the buffer is full or the file ends; returns how many bytes were read.
    private static func fill(_ bytes: inout Data, _ descriptor: Int32) throws -> Int {
        try bytes.withUnsafeMutableBytes { buffer in
            var filled = 0
            while filled < buffer.count {
                let count = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(filled))
                if count < 0 {
                    if errno == EINTR { continue }
                    throw failure(errno)
                }
                if count == 0 { break }
                filled += count
            }
            return filled
        }
    }

    private static func failure(_ code: Int32) -> ImagingError {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOENT, ENOTDIR: return ImagingError(.notFound, "there is no such file")
        case EACCES, EPERM:
            return ImagingError(.unreadable, "the file may not be read: change its permissions", detail: reason)
        default: return ImagingError(.unreadable, "the file could not be read", detail: reason)
        }
    }
}
