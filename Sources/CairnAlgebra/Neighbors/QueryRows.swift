/// The queries of a search, as they are or with their signs changed. Their memory belongs to the search.
///
/// Unchecked: read only.
struct QueryRows: @unchecked Sendable {
    let values: UnsafeBufferPointer<Float>
    let dimensions: Int
    /// Whether each query stands for its opposite: the greatest products are then the least, with their signs changed.
    let isNegated: Bool

    var count: Int { values.count / dimensions }

    /// Calls `body` with consecutive queries; copies them only to change signs.
    func withRows<Result>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        let rows = UnsafeBufferPointer(rebasing: values[range.lowerBound * dimensions..<range.upperBound * dimensions])
        return isNegated ? rows.map { -$0 }.withUnsafeBufferPointer(body) : body(rows)
    }

    /// Calls `body` with a copy of some queries.
    func withRows<Result>(
        at numbers: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) -> Result {
        var rows: [Float] = []
        rows.reserveCapacity(numbers.count * dimensions)
        for number in numbers {
            let row = values[number * dimensions..<(number + 1) * dimensions]
            if isNegated { rows.append(contentsOf: row.lazy.map { -$0 }) } else { rows.append(contentsOf: row) }
        }
        return rows.withUnsafeBufferPointer(body)
    }
}
