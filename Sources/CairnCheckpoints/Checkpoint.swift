import CairnCore
import CairnFormats

/// A file of a model's parameters by name, whatever its format. Arrays are views of the mapped file.
public struct Checkpoint: Sendable {
    /// How a file is built; told by its content, never by its name.
    public enum Format: String, Sendable, Codable {
        /// `.safetensors`.
        case safetensors
        /// `torch.save` since 1.6.
        case torchArchive
        /// `torch.save` before 1.6.
        case torchLegacy
    }

    /// Where the file is, for messages.
    public let path: String

    /// How it is built.
    public let format: Format

    /// Names of all arrays, in the file's order.
    public let names: [String]

    /// The words that a `.safetensors` header carries.
    public let metadata: [String: String]

    private let content: Content

    private enum Content: Sendable {
        case safetensors(SafetensorsFile)
        case torch(StateDictionary)
    }

    /// Maps the file at `path`. In files of torch the parameters are looked for as ``StateDictionary`` says.
    ///
    /// - Throws: `CheckpointError` with what CairnFormats found wrong.
    public init(contentsOf path: String) throws(CheckpointError) {
        do throws(FormatError) {
            let bytes = try ByteStorage(mapping: path).all
            self.path = path
            if Self.beginsAsTorch(bytes) {
                let file = try TorchFile(bytes)
                let state = try file.stateDictionary()
                format = file.form == .archive ? .torchArchive : .torchLegacy
                names = state.names
                metadata = [:]
                content = .torch(state)
            } else if Self.beginsAsSafetensors(bytes) {
                let file = try SafetensorsFile(bytes)
                format = .safetensors
                names = file.names
                metadata = file.metadata
                content = .safetensors(file)
            } else {
                throw FormatError(
                    .unsupported, "\(path) is no checkpoint: .safetensors and files that torch.save wrote are read")
            }
        } catch {
            let message = error.message.contains(path) ? error.message : "\(path): \(error.message)"
            throw CheckpointError(error.kind, message, cause: error.cause)
        }
    }

    /// The array of that name, in its own element type, where it lies in the file.
    public func array(named name: String) throws(CheckpointError) -> NumericArray {
        do throws(FormatError) {
            return switch content {
            case .safetensors(let file): try file.array(named: name)
            case .torch(let state): try state.array(named: name)
            }
        } catch {
            throw CheckpointError(error.kind, "\(path): \(error.message)", cause: error.cause)
        }
    }

    /// A zip archive's first entry, or a pickle's first instruction.
    private static func beginsAsTorch(_ bytes: ByteSlice) -> Bool {
        bytes.withUnsafeBytes { $0.starts(with: [0x50, 0x4B, 0x03, 0x04]) || $0.starts(with: [0x80]) && !isHeader($0) }
    }

    private static func beginsAsSafetensors(_ bytes: ByteSlice) -> Bool {
        bytes.withUnsafeBytes { isHeader($0) }
    }

    /// The length of a header, below 2^32, and its first character. A length may well begin with a pickle's 0x80.
    private static func isHeader(_ raw: UnsafeRawBufferPointer) -> Bool {
        raw.count > 8 && raw[4..<8].allSatisfy { $0 == 0 } && raw[8] == UInt8(ascii: "{")
    }
}
