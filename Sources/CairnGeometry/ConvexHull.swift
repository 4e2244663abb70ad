import CairnCore

/// The convex hull of a set of points (Andrew's monotone chain), O(n log n).
public enum ConvexHull {
    /// Corners in the order of growing angle from x towards y; collinear points are left out.
    /// One or two distinct points are returned as they are.
    public static func corners(of points: [PixelPoint]) -> [PixelPoint] {
        let sorted = Set(points).sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return sorted }
        let lower = chain(sorted)
        let upper = chain(sorted.reversed())
        return Array(lower.dropLast() + upper.dropLast())
    }

    private static func chain(_ points: [PixelPoint]) -> [PixelPoint] {
        var hull: [PixelPoint] = []
        for point in points {
            while hull.count > 1, turn(hull[hull.count - 2], hull[hull.count - 1], point) <= 0 { hull.removeLast() }
            hull.append(point)
        }
        return hull
    }

    /// Twice the signed area of the triangle `a`, `b`, `c`.
    private static func turn(_ a: PixelPoint, _ b: PixelPoint, _ c: PixelPoint) -> Double {
        (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
    }
}
