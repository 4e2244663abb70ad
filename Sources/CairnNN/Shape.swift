/// Sizes of a tensor's axes, outermost first. Images and feature maps are `[batch, channels, height, width]`.
public struct Shape: Hashable, Sendable {
    /// One size an axis, none of them negative. Empty for a scalar.
    public var dimensions: [Int]

    /// Wraps sizes. Traps on a negative one.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative size in \(dimensions)")
        self.dimensions = dimensions
    }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements.
    public var elementCount: Int { dimensions.reduce(1, *) }

    /// Size of an axis; a negative axis counts from the end. Traps when there is no such axis.
    public subscript(axis: Int) -> Int {
        get { dimensions[axis < 0 ? axis + rank : axis] }
        set { dimensions[axis < 0 ? axis + rank : axis] = newValue }
    }

    /// The axis counted from the front, for one that may be counted from the end.
    ///
    /// Throws `NetworkError` when there is no such axis.
    public func normalized(_ axis: Int) throws -> Int {
        let index = axis < 0 ? axis + rank : axis
        guard index >= 0, index < rank else {
            throw NetworkError(.invalidArgument, "\(self) has no axis \(axis)")
        }
        return index
    }

    /// The shape of an elementwise operation on both: sizes agree from the last axis on, or one of them is 1.
    ///
    /// Throws `NetworkError` when they do not.
    public func broadcast(with other: Shape) throws -> Shape {
        let rank = Swift.max(self.rank, other.rank)
        var result = [Int](repeating: 1, count: rank)
        for offset in 1...Swift.max(rank, 1) where offset <= rank {
            let a = offset <= self.rank ? self[-offset] : 1
            let b = offset <= other.rank ? other[-offset] : 1
            guard a == b || a == 1 || b == 1 else {
                throw NetworkError(.invalidArgument, "shapes \(self) and \(other) do not broadcast")
            }
            result[rank - offset] = a == 1 ? b : a
        }
        return Shape(result)
    }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
    /// `[64, 3, 7, 7]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// As written in code: `[64, 3, 7, 7]`.
    public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
