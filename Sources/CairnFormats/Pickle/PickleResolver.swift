/// Turns what a pickle machine made into values, each node once however often it is referred to.
struct PickleResolver {
    /// Where the bytes of a torch storage are, and in what byte order.
    typealias StorageLocator = (TorchStorage) throws(FormatError) -> (ByteSlice, ByteOrder)

    private struct Resolved {
        var value: PickleValue
        /// Containers below it, itself included: what a value adds to the depth of whatever holds it.
        var height: Int
    }

    private enum State {
        case untouched
        case underWay
        case done(Resolved)
    }

    private let nodes: [PickleNode]
    private var states: [State]
    private var budget: PickleBudget
    private let source: String
    private let locate: StorageLocator

    init(_ machine: PickleMachine, locate: @escaping StorageLocator) {
        nodes = machine.nodes
        states = Array(repeating: .untouched, count: machine.nodes.count)
        budget = machine.budget
        source = machine.source
        self.locate = locate
    }

    /// The value of what the machine returned.
    mutating func value(of item: PickleItem) throws(FormatError) -> PickleValue {
        try resolve(item, depth: 0).value
    }

    private mutating func resolve(_ item: PickleItem, depth: Int) throws(FormatError) -> Resolved {
        let value: PickleValue
        switch item {
        case .none: value = .none
        case .bool(let flag): value = .bool(flag)
        case .integer(let number): value = .integer(number)
        case .largeInteger(let bytes): value = .largeInteger(try copied(bytes))
        case .double(let number): value = .double(number)
        case .string(let text): value = .string(text)
        case .bytes(let bytes): value = .bytes(try copied(bytes))
        case .byteString(let bytes): value = .string(try decoded(bytes))
        case .global(.torchType(_, let name)): value = .string("torch.\(name)")
        case .global(let global): throw FormatError.malformed(source, "\(global) is used as a value")
        case .node(let number): return try resolve(node: number, depth: depth)
        }
        return Resolved(value: value, height: 0)
    }

    private mutating func resolve(node number: Int, depth: Int) throws(FormatError) -> Resolved {
        let limit = budget.limits.depth
        switch states[number] {
        case .done(let resolved):
            guard depth + resolved.height <= limit else { throw tooDeep(limit) }
            return resolved
        case .underWay: throw FormatError(.unsupported, "\(source) has a container that holds itself, which is refused")
        case .untouched: break
        }
        guard depth < limit else { throw tooDeep(limit) }
        states[number] = .underWay
        let resolved: Resolved
        switch nodes[number].kind {
        case .list, .tuple, .set, .dictionary: resolved = try container(nodes[number], depth: depth)
        case .tensor(let tensor): resolved = Resolved(value: .array(try array(tensor)), height: 0)
        case .numpyArray(let array?): resolved = try numpy(array, depth: depth)
        case .numpyArray(nil): throw FormatError.malformed(source, "an array of NumPy has no content")
        case .storage, .numpyType: throw FormatError.malformed(source, "a storage or type is used as a value")
        }
        states[number] = .done(resolved)
        return resolved
    }

    private mutating func container(_ node: PickleNode, depth: Int) throws(FormatError) -> Resolved {
        var values: [PickleValue] = []
        values.reserveCapacity(node.items.count)
        var height = 0
        for item in node.items {
            let resolved = try resolve(item, depth: depth + 1)
            values.append(resolved.value)
            height = max(height, resolved.height)
        }
        let value: PickleValue
        switch node.kind {
        case .tuple: value = .tuple(values)
        case .set: value = .set(values)
        case .dictionary:
            var dictionary = PickleDictionary()
            for index in stride(from: 0, to: values.count - 1, by: 2) {
                let entry = PickleDictionary.Entry(key: values[index], value: values[index + 1])
                dictionary.set(try key(values[index]), entry)
            }
            value = .dictionary(dictionary)
        default: value = .list(values)
        }
        return Resolved(value: value, height: height + 1)
    }

    private func key(_ value: PickleValue, isPart: Bool = false) throws(FormatError) -> PickleDictionary.Key {
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .integer(number)
        case .double(let number): return .double(number)
        case .string(let text): return .string(text)
        case .bytes(let bytes): return .bytes(bytes)
        case .tuple(let parts) where !isPart && parts.count <= 16:
            var keys: [PickleDictionary.Key] = []
            for part in parts { keys.append(try key(part, isPart: true)) }
            return .tuple(keys)
        default:
            throw FormatError(
                .unsupported, "\(source) has a dictionary key that is neither plain nor a tuple of plain values")
        }
    }

    private func array(_ tensor: TorchTensor) throws(FormatError) -> NumericArray {
        let name = "the tensor in storage \(FormatError.quoted(tensor.storage.key))"
        let (bytes, order) = try locate(tensor.storage)
        let size = tensor.elementType.byteCount
        let (skipped, overflows) = tensor.offset.multipliedReportingOverflow(by: size)
        let storageSize = tensor.storage.count * (tensor.storage.elementType?.byteCount ?? 1)
        let storage = try bytes.part(at: 0, count: storageSize, name)
        guard !overflows, skipped <= storageSize else {
            throw FormatError.malformed(source, "\(name) begins \(tensor.offset) elements in, past its end")
        }
        return try NumericArray(
            tensor.elementType, shape: tensor.shape, strides: tensor.strides, byteOrder: order,
            bytes: storage.part(at: skipped, count: storageSize - skipped, name), what: name)
    }

    private mutating func numpy(_ array: NumpyArray, depth: Int) throws(FormatError) -> Resolved {
        let count = try NumericArray.count(of: array.shape, source: source, what: "an array")
        if array.type.element == .object {
            let content = try resolve(array.content, depth: depth + 1)
            guard case .list(let values) = content.value, values.count == count, array.shape.count <= 1 else {
                throw FormatError(
                    .unsupported, "\(source) has an array of objects of shape \(array.shape), not a list of them")
            }
            return Resolved(value: content.value, height: content.height + 1)
        }
        guard let data = array.content.data else {
            throw FormatError.malformed(source, "an array of NumPy has no data")
        }
        let itemSize =
            switch array.type.element {
            case .number(let type): type.byteCount
            case .text(let length): length * 4
            case .byteText(let length): length
            case .object: 0
            }
        guard count.multipliedReportingOverflow(by: itemSize) == (data.count, false) else {
            throw FormatError.malformed(
                source, "an array of shape \(array.shape) has \(data.count) bytes, which do not fit")
        }
        guard case .number(let type) = array.type.element else {
            guard array.shape.count <= 1 else {
                throw FormatError(.unsupported, "\(source) has an array of texts of shape \(array.shape), not a list")
            }
            try budget.spend(operations: count)
            try budget.spend(bytes: data.count)
            let texts = (0..<count).map { position in
                PickleValue.string(array.type.text(data, at: position * itemSize, size: itemSize))
            }
            return Resolved(value: .list(texts), height: 1)
        }
        let strides = NumericArray.rowMajorStrides(array.isFortranOrder ? array.shape.reversed() : array.shape)
        let value = try NumericArray(
            type, shape: array.shape, strides: array.isFortranOrder ? strides.reversed() : strides,
            byteOrder: array.type.byteOrder, bytes: data, what: "an array")
        return Resolved(value: .array(value), height: 0)
    }

    private mutating func copied(_ bytes: ByteSlice) throws(FormatError) -> [UInt8] {
        try budget.spend(bytes: bytes.count)
        return bytes.copy()
    }

    private mutating func decoded(_ bytes: ByteSlice) throws(FormatError) -> String {
        try budget.spend(bytes: bytes.count)
        if let text = bytes.text() { return text }
        return String(String.UnicodeScalarView(bytes.copy().map { Unicode.Scalar($0) }))
    }

    private func tooDeep(_ limit: Int) -> FormatError {
        FormatError(.limitExceeded, "\(source) nests containers more than \(limit) deep")
    }
}

extension NumpyType {
    /// The text of one element, without the zeros that fill it up. What is no Unicode becomes U+FFFD.
    fileprivate func text(_ data: ByteSlice, at offset: Int, size: Int) -> String {
        var text = String.UnicodeScalarView()
        let step = if case .byteText = element { 1 } else { 4 }
        for position in stride(from: offset, to: offset + size, by: step) {
            let raw = step == 1 ? UInt32(data[position]) : data.integer(at: position, as: UInt32.self)
            let value = step == 4 && byteOrder == .big ? raw.byteSwapped : raw
            text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
        }
        while text.last == "\0" { text.removeLast() }
        return String(text)
    }
}
