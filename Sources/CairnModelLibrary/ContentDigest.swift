import Crypto
import Foundation

/// SHA-256 of things, as lower-case hexadecimal.
enum ContentDigest {
    /// Of bytes.
    static func of(_ data: Data) -> String { text(SHA256.hash(data: data)) }

    /// Of a file, read in pieces.
    static func ofFile(_ path: String) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ModelLibraryError(.notFound, "\(path) cannot be read")
        }
        defer { try? handle.close() }
        var hash = SHA256()
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return text(hash.finalize())
    }

    private static func text(_ digest: SHA256.Digest) -> String {
        digest.map { String(format: "%02x", $0) }.joined()
    }
}
