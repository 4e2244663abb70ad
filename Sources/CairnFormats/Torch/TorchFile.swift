/// A file that `torch.save` wrote, mapped: `.pth`, `.pt`, `.bin`. Tensors are views of the file and cost nothing until read.
///
/// Both forms are read: the zip archive (since torch 1.6) and the sequence of pickles before it. The pickle inside goes
/// through the restricted reader of ``Pickle``, so a hostile file can run nothing.
public struct TorchFile: Sendable {
    /// How the file is built.
    public enum Form: String, Sendable {
        /// A zip archive with one entry a storage.
        case archive
        /// Pickles and raw storages one after another, as before torch 1.6.
        case legacy
    }

    /// How the file is built.
    public let form: Form

    /// What was saved.
    public let value: PickleValue

    /// Maps the file at `path`.
    public init(contentsOf path: String, limits: PickleLimits = PickleLimits()) throws(FormatError) {
        try self.init(ByteStorage(mapping: path).all, limits: limits)
    }

    /// Views bytes that hold a whole file.
    public init(_ bytes: ByteSlice, limits: PickleLimits = PickleLimits()) throws(FormatError) {
        if ZipDirectory.isArchive(bytes) {
            form = .archive
            value = try Self.readArchive(bytes, limits: limits)
        } else {
            form = .legacy
            value = try Self.readLegacy(bytes, limits: limits)
        }
    }

    /// The tensors by name; see ``StateDictionary`` for where they are looked for.
    public func stateDictionary() throws(FormatError) -> StateDictionary {
        try StateDictionary(value)
    }

    private static func readArchive(_ bytes: ByteSlice, limits: PickleLimits) throws(FormatError) -> PickleValue {
        let entries = try ZipDirectory(bytes).entries
        let suffix = "/data.pkl"
        let candidates = entries.keys.filter { $0.hasSuffix(suffix) && $0.utf8.count(where: { $0 == 0x2F }) == 1 }
        guard candidates.count == 1, let name = candidates.first, let content = entries[name] else {
            throw FormatError.malformed(bytes.source, "it is an archive without one data.pkl; torch did not write it")
        }
        if entries["\(name.dropLast(suffix.count))/constants.pkl"] != nil {
            throw FormatError(
                .unsupported, "\(bytes.source) holds a TorchScript program; save its state_dict() instead")
        }
        let folder = name.dropLast(suffix.count)
        let order: ByteOrder
        switch entries["\(folder)/byteorder"].map({ $0.text() }) {
        case nil, "little": order = .little
        case "big": order = .big
        default: throw FormatError.malformed(bytes.source, "its byte order is neither little nor big")
        }
        var reader = ByteReader(content)
        var machine = PickleMachine(source: bytes.source, limits: limits, acceptsStorages: true)
        let result = try machine.run(&reader)
        var resolver = PickleResolver(machine) { (storage) throws(FormatError) in
            guard let entry = entries["\(folder)/data/\(storage.key)"] else {
                throw FormatError.malformed(
                    bytes.source, "its archive lacks storage \(FormatError.quoted(storage.key))")
            }
            return (entry, order)
        }
        return try resolver.value(of: result)
    }
}
