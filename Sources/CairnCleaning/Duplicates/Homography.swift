import CairnCore
import Foundation

/// A projective map of the plane.
struct Homography {
    private let m: [Double]

    /// Nine finite numbers, row-major; nil for anything else.
    init?(_ rowMajor: [Double]) {
        guard rowMajor.count == 9, rowMajor.allSatisfy(\.isFinite) else { return nil }
        m = rowMajor
    }

    /// Where a point goes, in homogeneous coordinates.
    func map(_ point: PixelPoint) -> (x: Double, y: Double, w: Double) {
        (
            m[0] * point.x + m[1] * point.y + m[2], m[3] * point.x + m[4] * point.y + m[5],
            m[6] * point.x + m[7] * point.y + m[8]
        )
    }

    /// The map back, up to scale; nil when there is none.
    var inverse: Homography? {
        let cofactors = [
            m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
        ]
        let determinant = m[0] * cofactors[0] + m[1] * cofactors[3] + m[2] * cofactors[6]
        guard determinant != 0, determinant.isFinite else { return nil }
        return Homography(cofactors.map { $0 / determinant })
    }
}

/// A convex polygon, in pixels.
struct Polygon {
    var corners: [PixelPoint]

    init(corners: [PixelPoint]) { self.corners = corners }

    /// The frame of a picture.
    init(size: ImageSize) {
        let (width, height) = (Double(size.width), Double(size.height))
        corners = [
            PixelPoint(x: 0, y: 0), PixelPoint(x: width, y: 0), PixelPoint(x: width, y: height),
            PixelPoint(x: 0, y: height),
        ]
    }

    /// The polygon elsewhere; nil when the horizon crosses it.
    func mapped(by map: Homography) -> Polygon? {
        let mapped = corners.map(map.map)
        guard mapped.allSatisfy({ $0.w > 0 }) || mapped.allSatisfy({ $0.w < 0 }) else { return nil }
        let points = mapped.map { PixelPoint(x: $0.x / $0.w, y: $0.y / $0.w) }
        return points.allSatisfy { $0.x.isFinite && $0.y.isFinite } ? Polygon(corners: points) : nil
    }

    /// The area, in square pixels: half the sum of cross products.
    var area: Double {
        var sum = 0.0
        for index in corners.indices {
            let (a, b) = (corners[index], corners[(index + 1) % corners.count])
            sum += a.x * b.y - b.x * a.y
        }
        return abs(sum) / 2
    }

    /// The smallest upright rectangle around it.
    var bounds: (x: Double, y: Double, width: Double, height: Double) {
        let (x, y) = (corners.map(\.x), corners.map(\.y))
        let (left, top) = (x.min() ?? 0, y.min() ?? 0)
        return (left, top, (x.max() ?? left) - left, (y.max() ?? top) - top)
    }

    /// What is within a picture: one side of its frame after the other cuts (Sutherland and Hodgman 1974).
    func clipped(to size: ImageSize) -> Polygon {
        let (width, height) = (Double(size.width), Double(size.height))
        // Each is the signed distance from one side, positive inside.
        let sides: [(PixelPoint) -> Double] = [{ $0.x }, { $0.y }, { width - $0.x }, { height - $0.y }]
        var points = corners
        for inside in sides {
            var kept: [PixelPoint] = []
            for index in points.indices {
                let (a, b) = (points[index], points[(index + 1) % points.count])
                let (from, to) = (inside(a), inside(b))
                if from >= 0 { kept.append(a) }
                if (from > 0 && to < 0) || (from < 0 && to > 0) {
                    let share = from / (from - to)
                    kept.append(PixelPoint(x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y)))
                }
            }
            points = kept
        }
        return Polygon(corners: points)
    }

    /// Whether a point is within, or on a side.
    func contains(_ point: PixelPoint) -> Bool {
        var (left, right) = (false, false)
        for index in corners.indices {
            let (a, b) = (corners[index], corners[(index + 1) % corners.count])
            let cross = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
            if cross > 0 { left = true }
            if cross < 0 { right = true }
        }
        return !(left && right)
    }
}
