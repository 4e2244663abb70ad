/// An area that can be painted: a signed distance gives antialiased edges and soft shadows at any scale.
protocol Shape {
    /// A box that holds the whole shape.
    var bounds: Bounds { get }

    /// About the signed distance to the edge, in the shape's own units; negative inside.
    func distance(_ x: Float, _ y: Float) -> Float
}

/// An axis-aligned box of coordinates, y growing upwards.
struct Bounds: Sendable {
    var minX: Float
    var minY: Float
    var maxX: Float
    var maxY: Float
}

/// An axis-aligned rectangle, optionally with rounded corners.
struct BoxShape: Shape {
    let bounds: Bounds
    var radius: Float = 0

    init(_ minX: Float, _ minY: Float, _ maxX: Float, _ maxY: Float, radius: Float = 0) {
        bounds = Bounds(minX: minX, minY: minY, maxX: max(minX, maxX), maxY: max(minY, maxY))
        self.radius = radius
    }

    init(center x: Float, _ y: Float, width: Float, height: Float, radius: Float = 0) {
        self.init(x - width / 2, y - height / 2, x + width / 2, y + height / 2, radius: radius)
    }

    @inline(__always)
    func distance(_ x: Float, _ y: Float) -> Float {
        let dx = max(bounds.minX - x, x - bounds.maxX) + radius
        let dy = max(bounds.minY - y, y - bounds.maxY) + radius
        if radius > 0, dx > 0, dy > 0 { return (dx * dx + dy * dy).squareRoot() - radius }
        return max(dx, dy) - radius
    }
}

/// An axis-aligned ellipse; with `thickness`, only its rim.
struct EllipseShape: Shape {
    var x: Float
    var y: Float
    var radiusX: Float
    var radiusY: Float
    var thickness: Float?

    init(_ x: Float, _ y: Float, _ radiusX: Float, _ radiusY: Float? = nil, thickness: Float? = nil) {
        self.x = x
        self.y = y
        self.radiusX = max(1e-4, radiusX)
        self.radiusY = max(1e-4, radiusY ?? radiusX)
        self.thickness = thickness
    }

    var bounds: Bounds {
        let rim = (thickness ?? 0) / 2
        return Bounds(
            minX: x - radiusX - rim, minY: y - radiusY - rim, maxX: x + radiusX + rim, maxY: y + radiusY + rim)
    }

    @inline(__always)
    func distance(_ px: Float, _ py: Float) -> Float {
        let dx = (px - x) / radiusX
        let dy = (py - y) / radiusY
        let signed = ((dx * dx + dy * dy).squareRoot() - 1) * min(radiusX, radiusY)
        guard let thickness else { return signed }
        return abs(signed) - thickness / 2
    }
}

/// A window or door opening: straight jambs, and a head that is flat, round or pointed.
struct ArchShape: Shape {
    enum Head: Sendable, CaseIterable { case flat, round, pointed, segmental }

    let bounds: Bounds
    let head: Head

    init(_ minX: Float, _ minY: Float, _ maxX: Float, _ maxY: Float, head: Head) {
        bounds = Bounds(minX: minX, minY: minY, maxX: maxX, maxY: max(minY, maxY))
        self.head = head
    }

    /// The same opening, larger on every side but the foot.
    func grown(by margin: Float) -> ArchShape {
        ArchShape(bounds.minX - margin, bounds.minY, bounds.maxX + margin, bounds.maxY + margin, head: head)
    }

    @inline(__always)
    func distance(_ x: Float, _ y: Float) -> Float {
        let half = (bounds.maxX - bounds.minX) / 2
        let dx = abs(x - (bounds.minX + half))
        let box = max(dx - half, max(bounds.minY - y, y - bounds.maxY))
        switch head {
        case .flat: return box
        case .round:
            let dy = y - (bounds.maxY - half)
            return dy <= 0 ? box : max(box, (dx * dx + dy * dy).squareRoot() - half)
        case .pointed:
            // Two arcs of 1.25 widths, each about a point on the springing line.
            let radius = half * 2.5
            let rise = (radius * radius - (radius - half) * (radius - half)).squareRoot()
            let dy = y - (bounds.maxY - rise)
            let offset = dx + radius - half
            return dy <= 0 ? box : max(box, (offset * offset + dy * dy).squareRoot() - radius)
        case .segmental:
            let radius = half * 1.6
            let centre = bounds.maxY - radius
            let dy = y - centre
            return max(box, dy <= 0 ? -radius : (dx * dx + dy * dy).squareRoot() - radius)
        }
    }
}

/// A convex polygon of three or four corners, in either order of rotation.
struct PolygonShape: Shape {
    let bounds: Bounds
    private let normalX: SIMD4<Float>
    private let normalY: SIMD4<Float>
    private let offset: SIMD4<Float>

    init(_ a: SIMD2<Float>, _ b: SIMD2<Float>, _ c: SIMD2<Float>, _ d: SIMD2<Float>? = nil) {
        let corners = [a, b, c, d ?? c]
        bounds = Bounds(
            minX: corners.map(\.x).min() ?? 0, minY: corners.map(\.y).min() ?? 0,
            maxX: corners.map(\.x).max() ?? 0, maxY: corners.map(\.y).max() ?? 0)
        let edge = b - a
        let other = c - a
        let turn: Float = edge.x * other.y - edge.y * other.x > 0 ? 1 : -1
        var nx = SIMD4<Float>.zero
        var ny = SIMD4<Float>.zero
        var off = SIMD4<Float>(repeating: -1e9)
        for index in 0..<4 {
            let from = corners[index]
            let side = corners[(index + 1) % 4] - from
            let length = (side.x * side.x + side.y * side.y).squareRoot()
            guard length > 1e-6 else { continue }
            nx[index] = turn * side.y / length
            ny[index] = -turn * side.x / length
            off[index] = -(nx[index] * from.x + ny[index] * from.y)
        }
        normalX = nx
        normalY = ny
        offset = off
    }

    @inline(__always)
    func distance(_ x: Float, _ y: Float) -> Float { (normalX * x + normalY * y + offset).max() }
}

/// A thick line with round ends.
struct LineShape: Shape {
    var from: SIMD2<Float>
    var to: SIMD2<Float>
    var thickness: Float

    init(_ from: SIMD2<Float>, _ to: SIMD2<Float>, thickness: Float) {
        self.from = from
        self.to = to
        self.thickness = thickness
    }

    var bounds: Bounds {
        let rim = thickness / 2
        return Bounds(
            minX: min(from.x, to.x) - rim, minY: min(from.y, to.y) - rim,
            maxX: max(from.x, to.x) + rim, maxY: max(from.y, to.y) + rim)
    }

    @inline(__always)
    func distance(_ x: Float, _ y: Float) -> Float {
        let along = to - from
        let point = SIMD2<Float>(x, y) - from
        let t = saturate((point.x * along.x + point.y * along.y) / max(1e-9, along.x * along.x + along.y * along.y))
        let off = point - along * t
        return (off.x * off.x + off.y * off.y).squareRoot() - thickness / 2
    }
}

/// A turned body seen from the side: domes, onions, statues, vases. Half widths at eight even heights, foot first.
struct ProfileShape: Shape {
    var x: Float
    var foot: Float
    var height: Float
    var halfWidths: SIMD8<Float>

    init(_ x: Float, foot: Float, height: Float, halfWidths: SIMD8<Float>) {
        self.x = x
        self.foot = foot
        self.height = height
        self.halfWidths = halfWidths
    }

    var bounds: Bounds {
        let half = halfWidths.max()
        return Bounds(minX: x - half, minY: foot, maxX: x + half, maxY: foot + height)
    }

    /// Half width at a height above the foot.
    @inline(__always)
    func halfWidth(at y: Float) -> Float {
        let position = max(0, min(6.999, (y - foot) / height * 7))
        let index = Int(position)
        let t = position - Float(index)
        let smooth = t * t * (3 - 2 * t) * 0.35 + t * 0.65
        return halfWidths[index] * (1 - smooth) + halfWidths[index + 1] * smooth
    }

    @inline(__always)
    func distance(_ px: Float, _ y: Float) -> Float {
        max(abs(px - x) - halfWidth(at: y), max(foot - y, y - foot - height))
    }
}
