import CairnCore
import Foundation

/// The shift, rotation and scale, perhaps with a mirror, that brings points nearest to others, by least squares.
///
/// In complex numbers: a similarity is z ↦ a z + b, a mirrored one z ↦ a z̄ + b; both have closed solutions, and the
/// better is taken.
struct SimilarityFit {
    /// How much larger things become.
    let scale: Double

    /// Degrees from -180 to 180; with y down, positive is clockwise as it is seen. Of a mirrored one, after the mirror
    /// has changed the sign of y.
    let rotation: Double

    /// Whether left and right change places.
    let isMirrored: Bool

    /// The largest distance of a point from where it should be.
    let largestResidual: Double

    /// Fits as many points as there are.
    init(from: [PixelPoint], to: [PixelPoint]) {
        precondition(from.count == to.count, "\(from.count) points and \(to.count)")
        let plain = Self.fit(from, to, sign: 1)
        let mirrored = Self.fit(from, to, sign: -1)
        let best = mirrored.squares < plain.squares ? mirrored : plain
        scale = (best.real * best.real + best.imaginary * best.imaginary).squareRoot()
        rotation = atan2(best.imaginary, best.real) * 180 / .pi
        isMirrored = mirrored.squares < plain.squares
        largestResidual = best.largest
    }

    private static func fit(
        _ from: [PixelPoint], _ to: [PixelPoint], sign: Double
    ) -> (real: Double, imaginary: Double, squares: Double, largest: Double) {
        let count = Double(max(1, from.count))
        let x = from.reduce(0) { $0 + $1.x } / count
        let y = from.reduce(0) { $0 + $1.y } / count
        let u = to.reduce(0) { $0 + $1.x } / count
        let v = to.reduce(0) { $0 + $1.y } / count
        var (real, imaginary, norm) = (0.0, 0.0, 0.0)
        for (p, q) in zip(from, to) {
            let (px, py, qx, qy) = (p.x - x, sign * (p.y - y), q.x - u, q.y - v)
            real += px * qx + py * qy
            imaginary += px * qy - py * qx
            norm += px * px + py * py
        }
        if norm > 0 { (real, imaginary) = (real / norm, imaginary / norm) }
        var (squares, largest) = (0.0, 0.0)
        for (p, q) in zip(from, to) {
            let (px, py) = (p.x - x, sign * (p.y - y))
            let dx = real * px - imaginary * py - (q.x - u)
            let dy = imaginary * px + real * py - (q.y - v)
            squares += dx * dx + dy * dy
            largest = max(largest, (dx * dx + dy * dy).squareRoot())
        }
        return (real, imaginary, squares, largest)
    }
}
