import CairnNN

/// How a map of `height` x `width` tokens is cut into windows: padded below and on the right to whole windows, and in every second
/// block moved by half a window, so that neighbours meet.
///
/// Tensors are `[N, height, width, C]` outside, `[N, windows, window * window, C]` inside.
struct SwinWindows {
    private let height: Int
    private let width: Int
    private let side: Int
    private let shiftY: Int
    private let shiftX: Int

    /// The cut of a map. Along an axis that one window covers nothing is moved.
    init(height: Int, width: Int, side: Int, isShifted: Bool) {
        self.height = height
        self.width = width
        self.side = side
        shiftY = isShifted && height > side ? side / 2 : 0
        shiftX = isShifted && width > side ? side / 2 : 0
    }

    private var rows: Int { (height + side - 1) / side }
    private var columns: Int { (width + side - 1) / side }
    private var count: Int { rows * columns }

    /// A map in windows.
    func split<T: Tensor>(_ map: T) throws -> T {
        let (batch, channels) = (map.shape[0], map.shape[3])
        var x = try map.rolled(by: -shiftY, axis: 1).rolled(by: -shiftX, axis: 2)
        let (below, right) = (rows * side - height, columns * side - width)
        if below > 0 || right > 0 {
            // Padding is for the last two axes: columns and channels count as one here.
            x = try x.reshaped([batch, height, width * channels])
                .padded(Insets(bottom: below, right: right * channels), .constant(0))
        }
        return try x.reshaped([batch, rows, side, columns, side, channels]).permuted([0, 1, 3, 2, 4, 5])
            .reshaped([batch, count, side * side, channels])
    }

    /// Windows put together to the map they came from.
    func join<T: Tensor>(_ windows: T) throws -> T {
        let (batch, channels) = (windows.shape[0], windows.shape[3])
        var x = try windows.reshaped([batch, rows, columns, side, side, channels]).permuted([0, 1, 3, 2, 4, 5])
            .reshaped([batch, rows * side, columns * side, channels])
        if rows * side > height { x = try x.sliced(axis: 1, 0..<height) }
        if columns * side > width { x = try x.sliced(axis: 2, 0..<width) }
        return try x.rolled(by: shiftY, axis: 1).rolled(by: shiftX, axis: 2)
    }

    /// What is added to the attention between tokens that are neighbours only since the map was moved: -100. `nil` where nothing was.
    ///
    /// `[windows, 1, window * window, window * window]`, a constant on the backend of `x`.
    func mask<T: Tensor>(like x: T) throws -> T? {
        guard shiftY > 0 || shiftX > 0 else { return nil }
        let (rowRegions, columnRegions) = (regions(rows, shiftY), regions(columns, shiftX))
        let tokens = side * side
        var values = [Float](repeating: 0, count: count * tokens * tokens)
        for window in 0..<count {
            let labels = (0..<tokens).map { token in
                3 * rowRegions[window / columns * side + token / side]
                    + columnRegions[window % columns * side + token % side]
            }
            let base = window * tokens * tokens
            for (row, label) in labels.enumerated() {
                for (column, other) in labels.enumerated() where other != label {
                    values[base + row * tokens + column] = -100
                }
            }
        }
        return try x.constant(values, shape: [count, 1, tokens, tokens])
    }

    /// Parts of a moved axis that belong together: 0 up to its last window, there 1 and, for what came from the other end, 2.
    private func regions(_ windows: Int, _ shift: Int) -> [Int] {
        let size = windows * side
        return (0..<size).map { shift == 0 || $0 < size - side ? 0 : $0 < size - shift ? 1 : 2 }
    }

    /// For each pair of tokens of a window, the entry of the bias table for how far they are apart, `(2 side - 1)^2` of them.
    static func relativePositions(side: Int) -> [Float] {
        let tokens = side * side
        return (0..<(tokens * tokens)).map { pair in
            let (a, b) = (pair / tokens, pair % tokens)
            let rows = a / side - b / side + side - 1
            let columns = a % side - b % side + side - 1
            return Float(rows * (2 * side - 1) + columns)
        }
    }
}
