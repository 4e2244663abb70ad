extension PickleMachine {
    /// What calling a global with a tuple of arguments makes.
    mutating func call(_ callable: PickleItem, _ arguments: PickleItem) throws(FormatError) -> PickleItem {
        guard case .global(let global) = callable else { throw damaged("it calls what cannot be called") }
        let operands = try sequence(arguments, "arguments")
        switch (global, operands.count) {
        case (.orderedDictionary, 0): return try make(.dictionary)
        case (.orderedDictionary, 1): return try dictionary(ofPairs: operands[0])
        case (.set, 0): return try make(.set)
        case (.set, 1): return try make(.set, copied(operands[0]))
        case (.bytes, 0): return .bytes(ByteStorage(copying: [], source: source).all)
        case (.bytes, 1) where operands[0].data != nil: return operands[0]
        case (.bytes, 2), (.encode, 2): return try encoded(operands[0], operands[1])
        case (.size, 1): return try make(.tuple, copied(operands[0]))
        case (.device, 1...2):
            guard let name = operands[0].text else { throw damaged("a device has no name") }
            return .string(operands.count == 2 ? "\(name):\(operands[1].integer ?? 0)" : name)
        case (.rebuildTensor(let version), 4...): return try tensor(operands, version: version)
        case (.rebuildParameter, 1...):
            guard case .node(let number) = operands[0], case .tensor = nodes[number].kind else {
                throw damaged("a parameter is no tensor")
            }
            return operands[0]
        case (.numpyType, 1...):
            guard let code = operands[0].text else { throw damaged("a type of NumPy has no code") }
            guard let type = NumpyType(code) else {
                throw FormatError(
                    .unsupported, "\(source) has an array of type \(FormatError.quoted(code)), not of numbers")
            }
            return try make(.numpyType(type))
        case (.numpyReconstruct, 3) where isArrayClass(operands[0]): return try make(.numpyArray(nil))
        case (.numpyScalar, 2): return try scalar(operands[0], operands[1])
        case (.numpyFromBuffer, 4):
            let array = NumpyArray(
                type: try numpyType(operands[1]), shape: try counts(operands[2]),
                isFortranOrder: operands[3].text == "F", content: operands[0])
            return try make(.numpyArray(array))
        default: throw damaged("\(global) does not take these \(operands.count) arguments")
        }
    }

    /// Gives an object its state.
    mutating func build(_ object: PickleItem, _ state: PickleItem) throws(FormatError) {
        guard case .node(let number) = object else { throw damaged("it gives a state to what has none") }
        switch nodes[number].kind {
        case .dictionary:
            // A state dictionary's attributes: versions of its modules. They say nothing about the data.
            return
        case .numpyType(var type):
            let state = try sequence(state, "state of a type")
            guard state.count >= 2, let mark = state[1].text, ["<", ">", "|", "="].contains(mark) else {
                throw damaged("a type of NumPy has no byte order")
            }
            type.byteOrder = mark == ">" ? .big : .little
            nodes[number].kind = .numpyType(type)
        case .numpyArray:
            let state = try sequence(state, "state of an array")
            guard state.count == 5, case .bool(let isFortranOrder) = state[3] else {
                throw damaged("an array of NumPy has not its five parts")
            }
            let array = NumpyArray(
                type: try numpyType(state[2]), shape: try counts(state[1]), isFortranOrder: isFortranOrder,
                content: state[4])
            nodes[number].kind = .numpyArray(array)
        default: throw damaged("it gives a state to what has none")
        }
    }

    /// The storage that a persistent id of torch names: `("storage", class, key, device, count)`.
    mutating func storage(_ id: PickleItem) throws(FormatError) -> PickleItem {
        guard acceptsStorages else {
            throw FormatError(.unsupported, "\(source) refers to data outside of it (BINPERSID), which is refused")
        }
        let parts = try sequence(id, "persistent id")
        guard parts.count >= 5, parts[0].text == "storage" else {
            let name = parts.first?.text ?? "none"
            throw FormatError(
                .unsupported,
                "\(source) has the persistent id \(FormatError.quoted(name)), which is refused: save a state_dict()")
        }
        guard case .global(.storage(let type)) = parts[1], let key = parts[2].text, let count = parts[4].integer,
            count >= 0, count <= Int.max >> 4
        else { throw damaged("a storage has no class, key or count") }
        if parts.count > 5 {
            guard case .none = parts[5] else {
                throw FormatError(.unsupported, "\(source) has a view of a storage; save it again with a newer torch")
            }
        }
        return try make(.storage(TorchStorage(key: key, elementType: type, count: count)))
    }

    // MARK: Results

    private mutating func tensor(_ operands: [PickleItem], version: Int) throws(FormatError) -> PickleItem {
        guard case .node(let number) = operands[0], case .storage(let storage) = nodes[number].kind,
            let offset = operands[1].integer, offset >= 0
        else { throw damaged("a tensor has no storage or offset") }
        var type = storage.elementType
        if version == 3 {
            guard operands.count >= 7, case .global(.torchType(let own, _)) = operands[6] else {
                throw damaged("a tensor has no type")
            }
            type = own
        }
        guard let type else { throw damaged("a tensor has no type") }
        let tensor = TorchTensor(
            storage: storage, elementType: type, offset: offset, shape: try counts(operands[2]),
            strides: try counts(operands[3]))
        return try make(.tensor(tensor))
    }

    private mutating func dictionary(ofPairs item: PickleItem) throws(FormatError) -> PickleItem {
        var items: [PickleItem] = []
        for pair in try copied(item) {
            let pair = try sequence(pair, "pair")
            guard pair.count == 2 else { throw damaged("a pair has \(pair.count) parts") }
            items += pair
        }
        return try make(.dictionary, items)
    }

    /// Text as bytes, as Python 3 writes bytes for protocol 2.
    private mutating func encoded(_ text: PickleItem, _ encoding: PickleItem) throws(FormatError) -> PickleItem {
        if let data = text.data { return .bytes(data) }
        guard case .string(let text) = text, let encoding = encoding.text else { throw damaged("it encodes no text") }
        guard ["latin1", "latin-1", "iso-8859-1"].contains(encoding.lowercased()) else {
            throw FormatError(
                .unsupported, "\(source) encodes to \(FormatError.quoted(encoding)); bytes are written as latin1")
        }
        // Before it is made: the same text can be encoded over and over.
        try budget.spend(bytes: text.utf8.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value < 256 else { throw damaged("a text is not of Latin 1") }
            bytes.append(UInt8(scalar.value))
        }
        return .bytes(ByteStorage(copying: bytes, source: source).all)
    }

    private func scalar(_ type: PickleItem, _ content: PickleItem) throws(FormatError) -> PickleItem {
        let type = try numpyType(type)
        guard case .number(let element) = type.element, let data = content.data, data.count == element.byteCount else {
            throw damaged("a scalar of NumPy is no number")
        }
        let array = try NumericArray(element, shape: [], byteOrder: type.byteOrder, bytes: data, what: "a scalar")
        switch element {
        case .bool: return .bool(data[0] != 0)
        case .float16, .bfloat16, .float32, .float64: return .double(array.doubles()[0])
        default: return .integer(try array.integers()[0])
        }
    }

    // MARK: Operands

    private func isArrayClass(_ item: PickleItem) -> Bool {
        if case .global(.numpyArray) = item { true } else { false }
    }

    private func numpyType(_ item: PickleItem) throws(FormatError) -> NumpyType {
        guard case .node(let number) = item, case .numpyType(let type) = nodes[number].kind else {
            throw damaged("an array of NumPy has no type")
        }
        return type
    }

    /// The items of a tuple or list.
    private func sequence(_ item: PickleItem, _ what: String) throws(FormatError) -> [PickleItem] {
        guard case .node(let number) = item else { throw damaged("\(what) is no tuple") }
        switch nodes[number].kind {
        case .tuple, .list: return nodes[number].items
        default: throw damaged("\(what) is no tuple")
        }
    }

    /// The items of a tuple or list that a new object will hold: the same one can be copied over and over.
    private mutating func copied(_ item: PickleItem) throws(FormatError) -> [PickleItem] {
        let items = try sequence(item, "argument")
        try budget.spend(operations: items.count)
        return items
    }

    /// A shape or strides.
    private func counts(_ item: PickleItem) throws(FormatError) -> [Int] {
        let items = try sequence(item, "shape")
        guard items.count <= NumericArray.maximumRank else { throw damaged("a shape has \(items.count) dimensions") }
        var counts: [Int] = []
        for item in items {
            guard let count = item.integer, count >= 0 else { throw damaged("a shape holds what is no count") }
            counts.append(count)
        }
        return counts
    }
}
