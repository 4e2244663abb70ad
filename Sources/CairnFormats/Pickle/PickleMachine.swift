/// Runs one pickle of protocol 2 to 5, building data and nothing else: every instruction that could call, import or ask
/// for more is either one of `PickleGlobal` or refused by its name.
///
/// Written after the documentation in Python's `pickletools`.
struct PickleMachine {
    var nodes: [PickleNode] = []
    var budget: PickleBudget
    let source: String

    /// Whether persistent ids, which name the storages of a torch file, have a meaning.
    let acceptsStorages: Bool

    var stack: [PickleItem] = []
    private var marks: [Int] = []
    private var memo: [UInt32: PickleItem] = [:]
    var opcode = PickleOpcode.stop

    init(source: String, limits: PickleLimits, acceptsStorages: Bool) {
        self.source = source
        self.acceptsStorages = acceptsStorages
        budget = PickleBudget(limits, source: source)
    }

    /// Runs to the end of a pickle, leaves `reader` behind it, and returns what it made.
    mutating func run(_ reader: inout ByteReader) throws(FormatError) -> PickleItem {
        try readProtocol(&reader)
        while true {
            try budget.spend(operations: 1)
            let position = reader.position
            let code = try reader.byte()
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw damaged("byte \(position) is no instruction of a pickle")
            }
            self.opcode = opcode
            if opcode == .stop {
                let result = try pop()
                guard stack.isEmpty, marks.isEmpty else { throw damaged("it ends with objects left over") }
                memo = [:]
                return result
            }
            try execute(&reader)
        }
    }

    private func readProtocol(_ reader: inout ByteReader) throws(FormatError) {
        guard reader.remaining >= 2, try reader.byte() == PickleOpcode.proto.rawValue else {
            throw FormatError(
                .unsupported, "\(source) does not begin as a pickle of protocol 2 to 5; write it again with protocol 4")
        }
        let version = try reader.byte()
        guard (2...5).contains(version) else {
            throw FormatError(.unsupported, "\(source) is a pickle of protocol \(version); 2 to 5 are known")
        }
    }

    private mutating func execute(_ reader: inout ByteReader) throws(FormatError) {
        switch opcode {
        case .none: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt: stack.append(.integer(Int64(try reader.integer(Int32.self))))
        case .binInt1: stack.append(.integer(Int64(try reader.byte())))
        case .binInt2: stack.append(.integer(Int64(try reader.integer(UInt16.self))))
        case .long1: stack.append(integer(try reader.take(Int(reader.byte()))))
        case .long4: stack.append(integer(try reader.take(Int(reader.integer(Int32.self)))))
        case .binFloat:
            stack.append(.double(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
        case .binUnicode, .shortBinUnicode, .binUnicode8: try pushText(&reader)
        case .binString, .shortBinString:
            stack.append(.byteString(try reader.take(dataLength(&reader))))
        case .binBytes, .shortBinBytes, .binBytes8, .byteArray8:
            stack.append(.bytes(try reader.take(dataLength(&reader))))
        case .global:
            let module = try reader.line(limit: 1000)
            let name = try reader.line(limit: 1000)
            stack.append(.global(try PickleGlobal(module: module, name: name, source: source)))
        case .binGet: try recall(UInt32(reader.byte()))
        case .longBinGet: try recall(reader.integer())
        case .binPut: memo[UInt32(try reader.byte())] = try top()
        case .longBinPut: memo[try reader.integer()] = try top()
        case .memoize: memo[UInt32(truncatingIfNeeded: memo.count)] = try top()
        case .frame:
            // A frame only tells how much to read at once.
            let length = try reader.count()
            guard length <= reader.remaining else { throw damaged("a frame is longer than the file") }
        default: try executeOnStack()
        }
    }

    private mutating func executeOnStack() throws(FormatError) {
        switch opcode {
        case .mark: marks.append(stack.count)
        case .pop:
            if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .duplicate: stack.append(try top())
        case .emptyList: try push(.list)
        case .emptyTuple: try push(.tuple)
        case .emptyDict: try push(.dictionary)
        case .emptySet: try push(.set)
        case .list: try push(.list, popToMark())
        case .tuple: try push(.tuple, popToMark())
        case .dict: try push(.dictionary, pairs(popToMark()))
        case .frozenSet: try push(.set, popToMark())
        case .tuple1: try push(.tuple, pop(1))
        case .tuple2: try push(.tuple, pop(2))
        case .tuple3: try push(.tuple, pop(3))
        case .append: try extend(pop(1), kind: "list")
        case .appends: try extend(popToMark(), kind: "list")
        case .addItems: try extend(popToMark(), kind: "set")
        case .setItem: try extend(pop(2), kind: "dict")
        case .setItems: try extend(pairs(popToMark()), kind: "dict")
        case .stackGlobal:
            let names = try pop(2)
            guard let module = names[0].text, let name = names[1].text else { throw damaged("a name is no text") }
            stack.append(.global(try PickleGlobal(module: module, name: name, source: source)))
        case .reduce, .newObj:
            let operands = try pop(2)
            stack.append(try call(operands[0], operands[1]))
        case .build:
            let state = try pop()
            try build(top(), state)
        case .binPersID: stack.append(try storage(pop()))
        default:
            throw FormatError(
                .unsupported,
                "\(source) uses the pickle instruction \(opcode.name), which is refused: plain data needs none")
        }
    }

    // MARK: Operands

    /// Makes a node and returns what refers to it.
    mutating func make(_ kind: PickleNode.Kind, _ items: [PickleItem] = []) throws(FormatError) -> PickleItem {
        try budget.spend(operations: 1)
        nodes.append(PickleNode(kind: kind, items: items))
        return .node(nodes.count - 1)
    }

    private mutating func push(_ kind: PickleNode.Kind, _ items: [PickleItem] = []) throws(FormatError) {
        stack.append(try make(kind, items))
    }

    private mutating func pushText(_ reader: inout ByteReader) throws(FormatError) {
        let bytes = try reader.take(dataLength(&reader))
        try budget.spend(bytes: bytes.count)
        guard let text = bytes.text() else { throw damaged("a text is not UTF-8") }
        stack.append(.string(text))
    }

    private func dataLength(_ reader: inout ByteReader) throws(FormatError) -> Int {
        switch opcode {
        case .shortBinUnicode, .shortBinString, .shortBinBytes: Int(try reader.byte())
        case .binUnicode, .binBytes, .binString: Int(try reader.integer(UInt32.self))
        default: try reader.count()
        }
    }

    private func integer(_ bytes: ByteSlice) -> PickleItem {
        guard bytes.count <= 8 else { return .largeInteger(bytes) }
        var value: UInt64 = 0
        for position in 0..<bytes.count { value |= UInt64(bytes[position]) << (8 * UInt64(position)) }
        let unused = UInt64(64 - 8 * bytes.count)
        return .integer(bytes.count == 0 ? 0 : Int64(bitPattern: value << unused) >> Int64(unused))
    }

    private mutating func recall(_ number: UInt32) throws(FormatError) {
        guard let item = memo[number] else { throw damaged("it recalls object \(number), which was never kept") }
        stack.append(item)
    }

    private func top() throws(FormatError) -> PickleItem {
        guard let item = stack.last, stack.count > marks.last ?? 0 else { throw damaged("it lacks an operand") }
        return item
    }

    private mutating func pop() throws(FormatError) -> PickleItem {
        let item = try top()
        stack.removeLast()
        return item
    }

    private mutating func pop(_ count: Int) throws(FormatError) -> [PickleItem] {
        guard stack.count - (marks.last ?? 0) >= count else { throw damaged("it lacks operands") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(FormatError) -> [PickleItem] {
        guard let mark = marks.popLast() else { throw damaged("it lacks a mark") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func pairs(_ items: [PickleItem]) throws(FormatError) -> [PickleItem] {
        guard items.count.isMultiple(of: 2) else { throw damaged("a key has no value") }
        return items
    }

    private mutating func extend(_ items: [PickleItem], kind: String) throws(FormatError) {
        guard case .node(let number) = try top() else { throw damaged("it extends what is no \(kind)") }
        switch (nodes[number].kind, kind) {
        case (.list, "list"), (.set, "set"), (.dictionary, "dict"): nodes[number].items += items
        default: throw damaged("it extends what is no \(kind)")
        }
    }

    func damaged(_ detail: String) -> FormatError {
        FormatError.malformed(source, "its pickle is damaged at \(opcode.name): \(detail)")
    }
}
