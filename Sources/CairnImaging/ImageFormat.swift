/// The image formats that can be decoded, told by content, never by a file's suffix.
public enum ImageFormat: String, Sendable, Codable, CaseIterable {
    /// JPEG, baseline or progressive, 8 bits a channel.
    case jpeg
    /// Portable Network Graphics.
    case png
    /// WebP, lossy or lossless; the first frame.
    case webp
    /// HEIC and its like: HEVC in an ISO base media file.
    case heic
    /// AV1 in an ISO base media file.
    case avif
    /// TIFF; the first page.
    case tiff
    /// GIF; the first frame.
    case gif

    /// The name that people use.
    public var name: String {
        switch self {
        case .jpeg: "JPEG"
        case .png: "PNG"
        case .webp: "WebP"
        case .heic: "HEIC"
        case .avif: "AVIF"
        case .tiff: "TIFF"
        case .gif: "GIF"
        }
    }
}

/// What a file's first bytes say it is.
enum ContentKind: Hashable {
    /// An image of a format that can be decoded.
    case image(ImageFormat)
    /// An image of another format, by name.
    case unsupportedImage(String)
    /// Something else, in words that complete "this is …".
    case other(String)

    /// How many bytes from the start are enough to tell.
    static let prefixLength = 4096

    /// Looks at the first bytes of a file.
    init(prefix: some Collection<UInt8>) {
        let head = Array(prefix.prefix(Self.prefixLength))
        self =
            Self.image(head).map(ContentKind.image)
            ?? Self.unsupportedSignatures.first { head.matches($0.signature, at: $0.offset) }
            .map { .unsupportedImage($0.name) }
            ?? Self.otherSignatures.first { head.matches($0.signature, at: $0.offset) }.map { .other($0.name) }
            ?? .other(Self.describe(head))
    }

    private static func image(_ head: [UInt8]) -> ImageFormat? {
        if head.matches([0xFF, 0xD8, 0xFF]) { return .jpeg }
        if head.matches([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if head.matches("RIFF"), head.matches("WEBP", at: 8) { return .webp }
        if head.matches("GIF87a") || head.matches("GIF89a") { return .gif }
        if head.matches([0x49, 0x49, 0x2A, 0]) || head.matches([0x4D, 0x4D, 0, 0x2A])
            || head.matches([0x49, 0x49, 0x2B, 0]) || head.matches([0x4D, 0x4D, 0, 0x2B])
        {
            return .tiff
        }
        guard head.matches("ftyp", at: 4) else { return nil }
        let brands = Set(isoBrands(head))
        if !brands.isDisjoint(with: ["avif", "avis"]) { return .avif }
        return brands.isDisjoint(with: ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"]) ? nil : .heic
    }

    /// The brands that an ISO base media file says it can be read as.
    private static func isoBrands(_ head: [UInt8]) -> [String] {
        let length = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let end = min(max(length, 12), head.count, 256)
        return stride(from: 8, to: end - 3, by: 4).map { String(decoding: head[$0..<$0 + 4], as: UTF8.self) }
    }

    private struct Signature {
        var signature: [UInt8]
        var offset: Int
        var name: String

        init(_ text: String, at offset: Int = 0, _ name: String) {
            self.init(Array(text.utf8), at: offset, name)
        }

        init(_ signature: [UInt8], at offset: Int = 0, _ name: String) {
            self.signature = signature
            self.offset = offset
            self.name = name
        }
    }

    private static let unsupportedSignatures = [
        Signature("BM", "BMP"),
        Signature([0, 0, 1, 0], "ICO"),
        Signature("8BPS", "Photoshop"),
        Signature([0xFF, 0x0A], "JPEG XL"),
        Signature([0, 0, 0, 12, 0x4A, 0x58, 0x4C, 0x20], "JPEG XL"),
        Signature([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], "JPEG 2000"),
        Signature([0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
        Signature("FUJIFILMCCD-RAW", "Fuji raw"),
        Signature("IIRO", "Olympus raw"),
        Signature([0x49, 0x49, 0x55, 0], "Panasonic raw"),
        Signature("ftypcrx", at: 4, "Canon raw"),
        Signature("gimp xcf", "GIMP"),
        Signature([0x76, 0x2F, 0x31, 0x01], "OpenEXR"),
        Signature("#?RADIANCE", "Radiance HDR"),
    ]

    private static let otherSignatures = [
        Signature("%PDF", "a PDF document"),
        Signature([0x50, 0x4B, 3, 4], "a zip archive or an office document"),
        Signature([0x1F, 0x8B], "a gzip file"),
        Signature("7z\u{BC}", "a 7-Zip archive"),
        Signature("Rar!", "a RAR archive"),
        Signature("ustar", at: 257, "a tar archive"),
        Signature("ftyp", at: 4, "a video"),
        Signature("moov", at: 4, "a video"),
        Signature("AVI ", at: 8, "a video"),
        Signature([0x1A, 0x45, 0xDF, 0xA3], "a video"),
        Signature([0, 0, 1, 0xBA], "a video"),
        Signature("RIFF", "a sound or other RIFF file"),
        Signature("ID3", "a sound file"),
        Signature("OggS", "a sound or video file"),
        Signature("SQLite format 3", "an SQLite database"),
        Signature([0x7F, 0x45, 0x4C, 0x46], "a program"),
        Signature("#!", "a script"),
    ]

    private static func describe(_ head: [UInt8]) -> String {
        if head.allSatisfy({ $0 == 0 }) { return "nothing but zero bytes" }
        let isText = !head.contains { $0 < 32 && $0 != 9 && $0 != 10 && $0 != 12 && $0 != 13 && $0 != 27 }
        guard isText else { return "of no kind that is known here" }
        let text = String(decoding: head.prefix(512), as: UTF8.self).lowercased()
        if text.contains("<svg") { return "an SVG drawing" }
        if text.contains("<html") || text.contains("<!doctype html") { return "a web page" }
        return "text"
    }
}

extension [UInt8] {
    fileprivate func matches(_ signature: [UInt8], at offset: Int = 0) -> Bool {
        count >= offset + signature.count && self[offset..<offset + signature.count].elementsEqual(signature)
    }

    fileprivate func matches(_ text: String, at offset: Int = 0) -> Bool { matches(Array(text.utf8), at: offset) }
}
