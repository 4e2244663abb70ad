import CairnCore
import Foundation

/// Correspondences as parallel columns of floats, padded to whole vectors, with work lists beside them: one allocation
/// for a whole verification.
///
/// Coordinates are relative to the images' centres, which keeps single precision good to about 10⁻³ px.
struct CorrespondenceBuffer: ~Copyable {
    /// Eight correspondences at once.
    typealias Vector = SIMD8<Float>

    /// Correspondences.
    let count: Int

    /// Vectors in a column; the last is filled up with `nan`, which no test accepts.
    let vectorCount: Int

    /// Whether any correspondence carries an orientation.
    let hasOrientations: Bool

    /// Centre of the source image, which has the coordinates (0, 0) here.
    let sourceOrigin: PixelPoint

    /// Centre of the target image.
    let targetOrigin: PixelPoint

    /// The cosine of the largest difference of rotation.
    let minimumCosine: Float

    private let storage: UnsafeMutablePointer<Vector>

    /// Indices of the correspondences that a model is fitted to; `count` at most, and one place to spare.
    let list: UnsafeMutablePointer<Int32>

    /// A weight for each entry of `list`.
    let weights: UnsafeMutablePointer<Float>

    /// Source positions.
    var sx: UnsafeMutablePointer<Vector> { storage }
    var sy: UnsafeMutablePointer<Vector> { storage + vectorCount }
    /// Target positions.
    var tx: UnsafeMutablePointer<Vector> { storage + 2 * vectorCount }
    var ty: UnsafeMutablePointer<Vector> { storage + 3 * vectorCount }
    /// Cosine and sine of the rotation; 0 where there is none.
    var cosine: UnsafeMutablePointer<Vector> { storage + 4 * vectorCount }
    var sine: UnsafeMutablePointer<Vector> { storage + 5 * vectorCount }
    /// 0, or a number beyond any rotation test where there is no orientation.
    var slack: UnsafeMutablePointer<Vector> { storage + 6 * vectorCount }
    /// Bounds of the squared magnification.
    var lowest: UnsafeMutablePointer<Vector> { storage + 7 * vectorCount }
    var highest: UnsafeMutablePointer<Vector> { storage + 8 * vectorCount }

    /// Copies correspondences into columns. Throws on coordinates, scales or rotations that are not usable numbers.
    init(
        _ correspondences: [Correspondence], sourceSize: ImageSize, targetSize: ImageSize,
        configuration: VerificationConfiguration
    ) throws(GeometryError) {
        for (index, item) in correspondences.enumerated() { try Self.check(item, index) }
        count = correspondences.count
        vectorCount = (count + 7) / 8
        sourceOrigin = PixelPoint(x: Double(sourceSize.width) / 2, y: Double(sourceSize.height) / 2)
        targetOrigin = PixelPoint(x: Double(targetSize.width) / 2, y: Double(targetSize.height) / 2)
        minimumCosine = Float(cos(configuration.maximumRotationDifference))
        storage = .allocate(capacity: max(1, 9 * vectorCount))
        list = .allocate(capacity: count + 1)
        weights = .allocate(capacity: count + 1)
        storage.initialize(repeating: Vector(repeating: .nan), count: 9 * vectorCount)
        list.initialize(repeating: 0, count: count + 1)
        weights.initialize(repeating: 1, count: count + 1)

        let columns = UnsafeMutableRawPointer(storage).assumingMemoryBound(to: Float.self)
        let stride = vectorCount * 8
        let factor = Float(configuration.maximumScaleFactor * configuration.maximumScaleFactor)
        var oriented = false
        for (index, item) in correspondences.enumerated() {
            let cell = columns + index
            cell[0] = Float(item.source.x - sourceOrigin.x)
            cell[stride] = Float(item.source.y - sourceOrigin.y)
            cell[2 * stride] = Float(item.target.x - targetOrigin.x)
            cell[3 * stride] = Float(item.target.y - targetOrigin.y)
            let isOriented = !item.rotation.isNaN
            oriented = oriented || isOriented
            cell[4 * stride] = isOriented ? cos(item.rotation) : 0
            cell[5 * stride] = isOriented ? sin(item.rotation) : 0
            cell[6 * stride] = isOriented ? 0 : 1e30
            let squaredRatio = item.scaleRatio * item.scaleRatio
            cell[7 * stride] = isOriented ? squaredRatio / factor : 1e-9
            cell[8 * stride] = isOriented ? squaredRatio * factor : 1e9
        }
        hasOrientations = oriented
    }

    deinit {
        storage.deallocate()
        list.deallocate()
        weights.deallocate()
    }

    /// One element of a column.
    @inline(__always)
    func element(_ column: UnsafeMutablePointer<Vector>, _ index: Int) -> Float {
        UnsafeRawPointer(column).assumingMemoryBound(to: Float.self)[index]
    }

    /// Source and target position of a correspondence.
    @inline(__always)
    func position(_ index: Int) -> (x: Double, y: Double, u: Double, v: Double) {
        (Double(element(sx, index)), Double(element(sy, index)), Double(element(tx, index)), Double(element(ty, index)))
    }

    private static func check(_ item: Correspondence, _ index: Int) throws(GeometryError) {
        let extent = max(
            item.source.x.magnitude, item.source.y.magnitude, item.target.x.magnitude, item.target.y.magnitude)
        guard extent < 1e7, !item.source.x.isNaN, !item.source.y.isNaN, !item.target.x.isNaN, !item.target.y.isNaN
        else {
            throw GeometryError(
                kind: .invalidInput,
                message:
                    "Correspondence \(index) joins \(item.source) and \(item.target); they must be finite."
            )
        }
        guard item.scaleRatio > 1e-4, item.scaleRatio < 1e4, !item.rotation.isInfinite else {
            throw GeometryError(
                kind: .invalidInput,
                message: "Correspondence \(index) has scale ratio \(item.scaleRatio) and rotation \(item.rotation); "
                    + "the ratio must be positive, the rotation finite or nan.")
        }
    }
}
