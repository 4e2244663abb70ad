/// Linear interpolation between points of ascending x, constant outside.
enum PiecewiseLinear {
    /// The value at `x`. Where points share an x, the last of them counts, and from the left the first.
    ///
    /// - Complexity: O(log n).
    static func value(at x: Double, xs: [Double], ys: [Double]) -> Double {
        precondition(!xs.isEmpty && xs.count == ys.count, "\(xs.count) places with \(ys.count) values")
        // The number of points at or left of x.
        var (low, high) = (0, xs.count)
        while low < high {
            let middle = (low + high) / 2
            if xs[middle] <= x { low = middle + 1 } else { high = middle }
        }
        if low == 0 { return ys[0] }
        if low == xs.count { return ys[low - 1] }
        let width = xs[low] - xs[low - 1]
        return ys[low - 1] + (ys[low] - ys[low - 1]) * ((x - xs[low - 1]) / width)
    }
}
