extension TorchFile {
    /// The number that begins every such file, 0x1950a86a20f9469cfc6c, as a pickle has it.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

    /// Reads the form before torch 1.6: five pickles (magic number, version, system, value, storages' keys), and then, for
    /// each key, the number of elements in 64 bits and the elements.
    static func readLegacy(_ bytes: ByteSlice, limits: PickleLimits) throws(FormatError) -> PickleValue {
        let source = bytes.source
        var reader = ByteReader(bytes)
        guard case .largeInteger(magic) = try plainValue(&reader, limits) else {
            throw FormatError(.unsupported, "\(source) is a pickle, but not one that torch.save wrote")
        }
        guard let version = try plainValue(&reader, limits).integerValue, version == 1001 else {
            throw FormatError(.unsupported, "\(source) is of a version of torch's legacy form other than 1001")
        }
        let system = try plainValue(&reader, limits)
        guard case .bool(let isLittleEndian)? = system["little_endian"] else {
            throw FormatError.malformed(source, "it does not say its byte order")
        }
        let order: ByteOrder = isLittleEndian ? .little : .big

        var machine = PickleMachine(source: source, limits: limits, acceptsStorages: true)
        let result = try machine.run(&reader)
        let elementSizes = try elementSizes(machine)
        guard let keys = try plainValue(&reader, limits).elements else {
            throw FormatError.malformed(source, "its list of storages is no list")
        }
        var storages: [String: ByteSlice] = [:]
        for key in keys {
            // Only a storage that a tensor uses has a type, and without one its length in bytes is not known.
            guard let key = key.stringValue, let size = elementSizes[key], storages[key] == nil else {
                throw FormatError.malformed(source, "its list of storages does not fit its tensors")
            }
            let count = try reader.count()
            storages[key] = try reader.take(count.multipliedReportingOverflow(by: size).overflow ? -1 : count * size)
        }
        guard reader.remaining == 0 else {
            throw FormatError.malformed(source, "\(reader.remaining) bytes follow the last storage")
        }
        var resolver = PickleResolver(machine) { (storage) throws(FormatError) in
            guard let bytes = storages[storage.key] else {
                throw FormatError.malformed(source, "it lacks storage \(FormatError.quoted(storage.key))")
            }
            return (bytes, order)
        }
        return try resolver.value(of: result)
    }

    private static func plainValue(
        _ reader: inout ByteReader, _ limits: PickleLimits
    ) throws(FormatError) -> PickleValue {
        var machine = PickleMachine(source: reader.source, limits: limits, acceptsStorages: false)
        let result = try machine.run(&reader)
        let source = reader.source
        var resolver = PickleResolver(machine) { (_) throws(FormatError) in
            throw FormatError.malformed(source, "a tensor stands where none belongs")
        }
        return try resolver.value(of: result)
    }

    /// Bytes of one element of each storage that the pickle names.
    private static func elementSizes(_ machine: PickleMachine) throws(FormatError) -> [String: Int] {
        var sizes: [String: Int] = [:]
        for node in machine.nodes {
            guard case .storage(let storage) = node.kind else { continue }
            let size = storage.elementType?.byteCount ?? 1
            guard sizes.updateValue(size, forKey: storage.key) ?? size == size else {
                throw FormatError.malformed(
                    machine.source, "storage \(FormatError.quoted(storage.key)) has elements of two sizes")
            }
        }
        return sizes
    }
}
