import CairnImaging

extension GPSPosition {
    /// The middle of positions, which a few wrong ones do not move: the median of latitudes and that of longitudes.
    ///
    /// The circle of longitudes is cut where it is emptiest, so that a place on the 180th meridian is no harder than others.
    /// Of an even number it is half-way between the two in the middle. `nil` without positions. O(n log n).
    static func median(of positions: [GPSPosition]) -> GPSPosition? {
        guard !positions.isEmpty else { return nil }
        let longitudes = positions.map(\.longitude).sorted()
        // The widest gap; the first stands between the last and the first, round the back.
        var cut = 0
        var widest = longitudes[0] + 360 - longitudes[longitudes.count - 1]
        for index in longitudes.indices.dropFirst() where longitudes[index] - longitudes[index - 1] > widest {
            (cut, widest) = (index, longitudes[index] - longitudes[index - 1])
        }
        let unrolled = Array(longitudes[cut...]) + longitudes[..<cut].map { $0 + 360 }
        let longitude = middle(of: unrolled)
        return GPSPosition(
            latitude: middle(of: positions.map(\.latitude).sorted()),
            longitude: longitude > 180 ? longitude - 360 : longitude)
    }

    private static func middle(of sorted: [Double]) -> Double {
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
