import CTorch

/// An operator of ATen, found once by its name and called through LibTorch's dispatcher.
///
/// ```swift
/// let rows = try ATen("aten::index_select")(table, 0, indices)
/// let (values, places) = try ATen("aten::topk").two(scores, 5)
/// ```
///
/// Arguments stand in the order of the operator's schema, those after a `*` too; what is left out at the end has its default.
/// A number may stand for a tensor of one, and one whole number for a list of fixed length. Arguments of other kinds than the
/// schema's are errors. Make operators once, in a `static let`: finding one by name takes longer than most calls.
/// Calling costs about a microsecond beside the operator's own work.
public struct ATen: Sendable {
    /// `aten::add.Tensor`.
    public let name: String
    private let entry: Result<Entry, TorchError>

    /// The dispatcher's entry, which is never changed nor freed.
    private struct Entry: @unchecked Sendable {
        let operation: cairn_torch_operator
    }

    /// Finds the operator. One that LibTorch does not have throws when it is called.
    public init(_ name: String, _ overload: String = "") {
        self.name = overload.isEmpty ? name : "\(name).\(overload)"
        entry = Result { () throws(TorchError) in
            let operation = try TorchError.check { cairn_torch_find(name, overload, $0) }
            guard let operation else { throw TorchError(.unsupported, "LibTorch has no operator \(name).\(overload)") }
            return Entry(operation: operation)
        }
    }

    /// Calls an operator that gives one tensor. Throws `TorchError` where LibTorch refuses the arguments.
    public func callAsFunction(_ arguments: any TorchArgument...) throws(TorchError) -> TorchTensor {
        guard let result = try results(arguments).first ?? nil else {
            throw TorchError(.failure, "\(name) gave no tensor")
        }
        return result
    }

    /// Calls an operator that gives two tensors.
    public func two(_ arguments: any TorchArgument...) throws(TorchError) -> (TorchTensor, TorchTensor) {
        let results = try results(arguments)
        guard results.count >= 2, let first = results[0], let second = results[1] else {
            throw TorchError(.failure, "\(name) gave \(results.count) tensors, not two")
        }
        return (first, second)
    }

    /// Calls an operator for what it does to its arguments.
    public func run(_ arguments: any TorchArgument...) throws(TorchError) {
        _ = try call(arguments, into: UnsafeMutableBufferPointer(start: nil, count: 0))
    }

    /// Calls an operator that gives up to four tensors; `nil` stands for an undefined one.
    public func results(_ arguments: [any TorchArgument]) throws(TorchError) -> [TorchTensor?] {
        var handles: (cairn_torch_tensor?, cairn_torch_tensor?, cairn_torch_tensor?, cairn_torch_tensor?) = (
            nil, nil, nil, nil
        )
        let produced = try withUnsafeMutableBytes(of: &handles) { bytes throws(TorchError) in
            try call(arguments, into: bytes.bindMemory(to: cairn_torch_tensor?.self))
        }
        let kept = [handles.0, handles.1, handles.2, handles.3].prefix(produced)
            .map { $0.map(TorchTensor.init(owning:)) }
        guard produced <= 4 else {
            throw TorchError(.failure, "\(name) gave \(produced) tensors; ATen.list takes such operators")
        }
        return kept
    }

    /// Calls an operator that gives a list of up to `capacity` tensors.
    public func list(upTo capacity: Int, _ arguments: any TorchArgument...) throws(TorchError) -> [TorchTensor] {
        precondition(capacity >= 0, "a list of up to \(capacity) tensors")
        var handles = [cairn_torch_tensor?](repeating: nil, count: capacity)
        let produced = try handles.withUnsafeMutableBufferPointer { buffer throws(TorchError) in
            try call(arguments, into: buffer)
        }
        let tensors = handles.prefix(produced).compactMap { $0.map(TorchTensor.init(owning:)) }
        guard produced <= capacity else {
            throw TorchError(.failure, "\(name) gave \(produced) tensors, not up to \(capacity)")
        }
        return tensors
    }

    /// Calls the operator, and says how many tensors it gave; those that fit are in `handles`.
    private func call(
        _ arguments: [any TorchArgument], into handles: UnsafeMutableBufferPointer<cairn_torch_tensor?>
    ) throws(TorchError) -> Int {
        let operation = try entry.get().operation
        var frame = ArgumentFrame(capacity: arguments.count)
        for argument in arguments { frame.append(argument.torchValue) }
        return try frame.withValues { (values: UnsafeBufferPointer<cairn_torch_value>) throws(TorchError) in
            var produced: Int32 = 0
            _ = try TorchError.check(name) {
                cairn_torch_call(
                    operation, values.baseAddress, Int32(values.count), handles.baseAddress, Int32(handles.count),
                    &produced, $0)
            }
            return Int(produced)
        }
    }
}

/// Arguments laid out for the shim: lists one behind another, and values that point into them.
private struct ArgumentFrame {
    private var values: [TorchValue] = []
    private var integers: [Int64] = []
    private var numbers: [Double] = []
    private var tensors: [cairn_torch_tensor?] = []
    private var text: [UInt8] = []

    init(capacity: Int) { values.reserveCapacity(capacity) }

    mutating func append(_ value: TorchValue) {
        values.append(value)
        switch value {
        case .integers(let list): integers.append(contentsOf: list.lazy.map(Int64.init))
        case .numbers(let list): numbers.append(contentsOf: list)
        case .tensors(let list): tensors.append(contentsOf: list.lazy.map { $0?.handle })
        case .flags(let list): integers.append(contentsOf: list.lazy.map { $0 ? 1 : 0 })
        case .text(let word): text.append(contentsOf: word.utf8)
        case .none, .tensor, .integer, .number, .flag: break
        }
    }

    /// Tensors of the values stay alive while `body` runs: the frame holds them.
    func withValues<R>(_ body: (UnsafeBufferPointer<cairn_torch_value>) throws(TorchError) -> R) throws(TorchError) -> R
    {
        try integers.withUnsafeBufferPointer { integers throws(TorchError) in
            try numbers.withUnsafeBufferPointer { numbers throws(TorchError) in
                try tensors.withUnsafeBufferPointer { tensors throws(TorchError) in
                    try text.withUnsafeBufferPointer { text throws(TorchError) in
                        let laidOut = layout(integers, numbers, tensors, text)
                        return try withExtendedLifetime(values) { () throws(TorchError) in
                            try laidOut.withUnsafeBufferPointer(body)
                        }
                    }
                }
            }
        }
    }

    private func layout(
        _ integers: UnsafeBufferPointer<Int64>, _ numbers: UnsafeBufferPointer<Double>,
        _ tensors: UnsafeBufferPointer<cairn_torch_tensor?>, _ text: UnsafeBufferPointer<UInt8>
    ) -> [cairn_torch_value] {
        var (nextInteger, nextNumber, nextTensor, nextByte) = (0, 0, 0, 0)
        return values.map { value in
            var laidOut = cairn_torch_value()
            switch value {
            case .none: laidOut.kind = CAIRN_TORCH_NONE
            case .tensor(let tensor):
                laidOut.kind = CAIRN_TORCH_TENSOR
                laidOut.tensor = tensor.handle
            case .integer(let number):
                laidOut.kind = CAIRN_TORCH_INTEGER
                laidOut.integer = Int64(number)
            case .number(let number):
                laidOut.kind = CAIRN_TORCH_NUMBER
                laidOut.number = number
            case .flag(let flag):
                laidOut.kind = CAIRN_TORCH_FLAG
                laidOut.integer = flag ? 1 : 0
            case .integers(let list):
                laidOut.kind = CAIRN_TORCH_INTEGERS
                laidOut.count = Int32(list.count)
                laidOut.list = integers.baseAddress.map { UnsafeRawPointer($0 + nextInteger) }
                nextInteger += list.count
            case .numbers(let list):
                laidOut.kind = CAIRN_TORCH_NUMBERS
                laidOut.count = Int32(list.count)
                laidOut.list = numbers.baseAddress.map { UnsafeRawPointer($0 + nextNumber) }
                nextNumber += list.count
            case .tensors(let list):
                laidOut.kind = CAIRN_TORCH_TENSORS
                laidOut.count = Int32(list.count)
                laidOut.list = tensors.baseAddress.map { UnsafeRawPointer($0 + nextTensor) }
                nextTensor += list.count
            case .flags(let list):
                laidOut.kind = CAIRN_TORCH_FLAGS
                laidOut.count = Int32(list.count)
                laidOut.list = integers.baseAddress.map { UnsafeRawPointer($0 + nextInteger) }
                nextInteger += list.count
            case .text(let word):
                laidOut.kind = CAIRN_TORCH_TEXT
                laidOut.count = Int32(word.utf8.count)
                laidOut.list = text.baseAddress.map { UnsafeRawPointer($0 + nextByte) }
                nextByte += word.utf8.count
            }
            return laidOut
        }
    }
}
