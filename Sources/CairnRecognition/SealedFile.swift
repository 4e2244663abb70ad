import CairnCore
import Crypto
import Foundation

/// A text file that shows whether it is whole: the first line is `kind version sha256`, the rest is JSON, and the sum is over
/// the rest (`tail -n +2 FILE | sha256sum`).
enum SealedFile {
    private static let version = 1
    private static let maximumBytes = 1 << 29

    /// Reads a value.
    static func read<Value: Decodable>(
        _ type: Value.Type, kind: String, path: String
    ) throws(RecognitionError) -> Value {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let missing = (error as? CocoaError)?.code == .fileReadNoSuchFile
            throw RecognitionError(missing ? .notFound : .failure, "cannot read \(path)", cause: error)
        }
        return try decode(type, kind: kind, data: data, name: path)
    }

    /// Decodes a file's bytes; `name` says in errors where they came from.
    static func decode<Value: Decodable>(
        _ type: Value.Type, kind: String, data: Data, name: String
    ) throws(RecognitionError) -> Value {
        guard data.count <= maximumBytes else {
            throw RecognitionError(.limitExceeded, "\(name) is larger than 512 MiB")
        }
        let head = data.prefix(200).prefix { $0 != UInt8(ascii: "\n") }
        let words = String(decoding: head, as: UTF8.self).split(separator: " ")
        guard words.count == 3, words[0] == kind else {
            throw RecognitionError(.invalidInput, "\(name) is no file of the kind “\(kind)”")
        }
        guard words[1] == String(version) else {
            throw RecognitionError(
                .unsupported, "\(name) is of version \(words[1].prefix(20)); this build reads version \(version)")
        }
        let body = data.dropFirst(head.count + 1)
        guard words[2] == digest(body) else {
            throw RecognitionError(.corrupted, "\(name) is damaged: its checksum is wrong; make it again")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as RecognitionError {
            throw RecognitionError(error.kind, "\(name): \(error.message)", cause: error.cause)
        } catch {
            throw RecognitionError(.corrupted, "\(name) cannot be understood; make it again", cause: error)
        }
    }

    /// Writes a value, atomically.
    static func write(_ value: some Encodable, kind: String, path: String) throws(RecognitionError) {
        let data = try encode(value, kind: kind)
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let full = (error as? CocoaError)?.code == .fileWriteOutOfSpace
            throw RecognitionError(full ? .resourceExhausted : .failure, "cannot write \(path)", cause: error)
        }
    }

    /// The bytes of a file.
    static func encode(_ value: some Encodable, kind: String) throws(RecognitionError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let body = try encoder.encode(value) + Data("\n".utf8)
            return Data("\(kind) \(version) \(digest(body))\n".utf8) + body
        } catch {
            throw RecognitionError(.failure, "what was fitted cannot be written as JSON", cause: error)
        }
    }

    /// SHA-256 in hexadecimal digits.
    static func digest(_ data: some DataProtocol) -> String {
        SHA256.hash(data: data).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
