import CairnCore
import Foundation

@testable import CairnIndex

/// Made-up images: numbers `n`, `n + 4`, `n + 8`, … show the same 40 features with different noise.
/// The numpy script beside the goldens makes the same ones.
enum Synthetic {
    static let dimensions = 128

    /// `mix(value) % modulus` of the full 64 bits.
    static func hash(_ group: UInt64, _ value: Int, _ modulus: UInt64) -> Int {
        var generator = SplitMix64(state: group << 40 | UInt64(value))
        return Int(generator.next() % modulus)
    }

    static func vocabulary(words: Int) throws -> Vocabulary {
        let bytes = (0..<words * dimensions).map { UInt8(hash(3, $0, 256)) }
        return try Vocabulary(words: bytes, dimensions: dimensions, note: "synthetic")
    }

    static func descriptors(_ image: Int, features: Int = 40) -> [UInt8] {
        var bytes: [UInt8] = []
        for j in 0..<features {
            let feature = (image % 4) * 40 + j
            for d in 0..<dimensions {
                let value = hash(1, feature * dimensions + d, 256)
                let noise = hash(2, (image * 1000 + j) * dimensions + d, 81) - 40
                bytes.append(UInt8(min(255, max(0, value + noise))))
            }
        }
        return bytes
    }

    static func signature(
        _ image: Int, _ vocabulary: Vocabulary, _ configuration: InvertedIndexConfiguration = .asmk, features: Int = 40
    ) -> ImageSignature {
        descriptors(image, features: features).withUnsafeBytes {
            configuration.signature(of: $0, vocabulary: vocabulary)
        }
    }

    static func signatures(
        _ images: some Sequence<Int>, _ vocabulary: Vocabulary, _ configuration: InvertedIndexConfiguration = .asmk,
        features: Int = 40
    ) -> [(ImageID, ImageSignature)] {
        images.map { (ImageID(UInt32($0)), signature($0, vocabulary, configuration, features: features)) }
    }
}

/// A folder of its own that disappears with the last reference.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-index-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes the images and opens the file.
    func invertedFile(
        _ name: String, _ images: some Sequence<Int>, _ vocabulary: Vocabulary,
        _ configuration: InvertedIndexConfiguration = .asmk, features: Int = 40
    ) throws -> InvertedFile {
        try InvertedFile.write(
            Synthetic.signatures(images, vocabulary, configuration, features: features), vocabulary: vocabulary,
            configuration: configuration, to: file(name))
        return try InvertedFile(path: file(name))
    }

    func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: file(name)))) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    /// Flips one bit in place.
    func flip(bit: Int, of name: String) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file(name)))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(bit / 8))
        guard let byte = try handle.read(upToCount: 1)?.first else { return }
        try handle.seek(toOffset: UInt64(bit / 8))
        try handle.write(contentsOf: [byte ^ 1 << UInt8(bit % 8)])
    }

    /// Shortens a file in place.
    func cut(_ name: String, to length: Int) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file(name)))
        defer { try? handle.close() }
        try handle.truncate(atOffset: UInt64(length))
    }
}
