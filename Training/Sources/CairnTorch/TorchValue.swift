/// An argument of an operator.
public enum TorchValue {
    /// Nothing, where a schema lets an argument be missing.
    case none
    /// A tensor.
    case tensor(TorchTensor)
    /// A whole number; also element types and devices by number.
    case integer(Int)
    /// A number.
    case number(Double)
    /// Yes or no.
    case flag(Bool)
    /// Sizes, axes.
    case integers([Int])
    /// Numbers.
    case numbers([Double])
    /// Tensors, of which some may be missing where the schema lets them.
    case tensors([TorchTensor?])
    /// Several times yes or no.
    case flags([Bool])
    /// A word that an operator knows: `mean`, `floor`.
    case text(String)
}

/// What may stand as an argument of an operator.
public protocol TorchArgument {
    /// The argument.
    var torchValue: TorchValue { get }
    /// The argument that an array is.
    static func torchList(_ elements: [Self]) -> TorchValue
}

extension TorchArgument {
    /// Tensors; what is none is missing.
    public static func torchList(_ elements: [Self]) -> TorchValue {
        .tensors(
            elements.map { element in
                guard case .tensor(let tensor) = element.torchValue else { return nil }
                return tensor
            })
    }
}

extension TorchTensor: TorchArgument {
    /// The tensor.
    public var torchValue: TorchValue { .tensor(self) }
    /// A list.
    public static func torchList(_ elements: [TorchTensor]) -> TorchValue { .tensors(elements) }
}

extension Int: TorchArgument {
    /// The whole number.
    public var torchValue: TorchValue { .integer(self) }
    /// A list.
    public static func torchList(_ elements: [Int]) -> TorchValue { .integers(elements) }
}

extension Double: TorchArgument {
    /// The number.
    public var torchValue: TorchValue { .number(self) }
    /// A list.
    public static func torchList(_ elements: [Double]) -> TorchValue { .numbers(elements) }
}

extension Float: TorchArgument {
    /// The number.
    public var torchValue: TorchValue { .number(Double(self)) }
    /// A list.
    public static func torchList(_ elements: [Float]) -> TorchValue { .numbers(elements.map(Double.init)) }
}

extension Bool: TorchArgument {
    /// Yes or no.
    public var torchValue: TorchValue { .flag(self) }
    /// A list.
    public static func torchList(_ elements: [Bool]) -> TorchValue { .flags(elements) }
}

extension TorchElementType: TorchArgument {
    /// The type's number.
    public var torchValue: TorchValue { .integer(Int(rawValue)) }
    /// A list.
    public static func torchList(_ elements: [TorchElementType]) -> TorchValue {
        .integers(elements.map { Int($0.rawValue) })
    }
}

extension TorchValue: TorchArgument {
    /// Itself.
    public var torchValue: TorchValue { self }
}

extension Optional: TorchArgument where Wrapped: TorchArgument {
    /// The argument, or that there is none.
    public var torchValue: TorchValue { map(\.torchValue) ?? .none }
}

extension String: TorchArgument {
    /// The word.
    public var torchValue: TorchValue { .text(self) }
}

extension TorchDevice: TorchArgument {
    /// The device's number.
    public var torchValue: TorchValue { .integer(Int(number)) }
}

extension Array: TorchArgument where Element: TorchArgument {
    /// A list. Elements of one kind: whole numbers, numbers, truth values, or tensors that may be missing.
    public var torchValue: TorchValue { Element.torchList(self) }
}
