import CairnCore

/// Positions sorted into square cells, to find those near a point without looking at all of them.
struct KeypointGrid {
    private let x: [Float]
    private let y: [Float]
    private let radius: Double
    private let left: Double
    private let top: Double
    private let cellSize: Double
    private let columns: Int
    private let rows: Int
    /// Indices by cell; those of cell c are at `starts[c] ..< starts[c + 1]`, ascending.
    private var indices: [Int32]
    private var starts: [Int32]

    /// More cells than this in a row would take longer to clear than they save.
    private static let maximumColumns = 64.0

    /// Sorts positions, for searches of one radius. Traps unless the radius is positive. Complexity: O(count).
    init(x: [Float], y: [Float], radius: Double) {
        precondition(radius > 0 && radius.isFinite, "a search radius of \(radius) px finds nothing")
        self.x = x
        self.y = y
        self.radius = radius
        left = Double(x.min() ?? 0)
        top = Double(y.min() ?? 0)
        let (width, height) = (Double(x.max() ?? 0) - left, Double(y.max() ?? 0) - top)
        cellSize = max(radius, max(width, height) / Self.maximumColumns)
        columns = Int(width / cellSize) + 1
        rows = Int(height / cellSize) + 1
        starts = [Int32](repeating: 0, count: columns * rows + 1)
        indices = [Int32](repeating: 0, count: x.count)
        var cells = [Int](repeating: 0, count: x.count)
        for i in 0..<x.count {
            let cell = Int((Double(y[i]) - top) / cellSize) * columns + Int((Double(x[i]) - left) / cellSize)
            cells[i] = cell
            starts[cell] += 1
        }
        var end: Int32 = 0
        for cell in starts.indices {
            end += starts[cell]
            starts[cell] = end
        }
        for i in (0..<x.count).reversed() {
            starts[cells[i]] -= 1
            indices[Int(starts[cells[i]])] = Int32(truncatingIfNeeded: i)
        }
    }

    /// Calls `body` with the index of every position at most the radius away, in no order that means anything.
    @inline(__always)
    func forEachNear(_ point: PixelPoint, _ body: (Int) -> Void) {
        let (column, row) = ((point.x - left) / cellSize, (point.y - top) / cellSize)
        let reach = radius / cellSize
        // Compared as floating point: a projection may lie farther off than an integer can say.
        guard column > -1 - reach, row > -1 - reach, column < Double(columns) + 1 + reach,
            row < Double(rows) + 1 + reach
        else { return }
        let firstColumn = max(0, Int((column - reach).rounded(.down)))
        let lastColumn = min(columns - 1, Int((column + reach).rounded(.down)))
        let firstRow = max(0, Int((row - reach).rounded(.down)))
        let lastRow = min(rows - 1, Int((row + reach).rounded(.down)))
        guard firstColumn <= lastColumn, firstRow <= lastRow else { return }
        for r in firstRow...lastRow {
            let range = starts[r * columns + firstColumn]..<starts[r * columns + lastColumn + 1]
            for slot in range {
                let i = Int(indices[Int(slot)])
                let (dx, dy) = (Double(x[i]) - point.x, Double(y[i]) - point.y)
                if dx * dx + dy * dy <= radius * radius { body(i) }
            }
        }
    }
}
