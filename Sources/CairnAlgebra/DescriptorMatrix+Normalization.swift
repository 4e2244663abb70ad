/// L2 normalisation. A row's norm is summed in double precision. A row of zeros has no direction: nothing here turns it
/// into one, it is left as it is and reported, or refused.
extension DescriptorMatrix {
    /// Divides each row by its Euclidean norm.
    ///
    /// - Returns: the rows without a direction (all zeros, or a norm that is not finite), ascending; they are left as they
    ///   were.
    public mutating func normalizeRows() -> [Int] {
        var flagged: [Int] = []
        let (count, dimensions) = (count, dimensions)
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<count {
                let part = UnsafeMutableBufferPointer(rebasing: values[row * dimensions..<(row + 1) * dimensions])
                if !normalize(part) { flagged.append(row) }
            }
        }
        return flagged
    }

    /// The rows at unit length.
    ///
    /// - Throws: `AlgebraError` (`invalidInput`) naming the first row that has no direction.
    public func normalized() throws(AlgebraError) -> DescriptorMatrix {
        var copy = self
        if let row = copy.normalizeRows().first { throw AlgebraError.noDirection("row \(row)") }
        return copy
    }
}

/// Divides by the Euclidean norm in place; false, and nothing done, when there is none to divide by.
func normalize(_ values: UnsafeMutableBufferPointer<Float>) -> Bool {
    var sum = 0.0
    for value in values { sum += Double(value) * Double(value) }
    guard sum > 0, sum.isFinite else { return false }
    let scale = 1 / sum.squareRoot()
    for index in values.indices { values[index] = Float(Double(values[index]) * scale) }
    return true
}

/// A row at unit length; `name` says in the error which one it was.
func normalized(_ row: [Float], name: String) throws(AlgebraError) -> [Float] {
    var row = row
    let done = row.withUnsafeMutableBufferPointer { normalize($0) }
    guard done else { throw AlgebraError.noDirection(name) }
    return row
}

extension AlgebraError {
    /// A vector that cannot be brought to unit length.
    static func noDirection(_ name: String) -> AlgebraError {
        AlgebraError(
            .invalidInput, "\(name) is all zeros or not finite and cannot be brought to unit length; leave it out")
    }
}
