/// Where a view was taken from: a pinhole camera without distortion.
///
/// A landmark's own frame is right-handed, in metres: the origin at the left foot of its façade, x to the right along
/// it, y up, z out of the wall towards the viewer. Camera coordinates are x to the right, y down, z forward.
/// A point X projects to K (R X + t) with K = [f 0 cx; 0 f cy; 0 0 1].
public struct CameraPose: Hashable, Sendable, Codable {
    /// Focal length in pixels.
    public let focalLength: Double

    /// The principal point (cx, cy), in pixels: the centre of the view.
    public let principalPoint: [Double]

    /// R, row-major: its rows are the camera's right, down and forward axes in the landmark's frame.
    public let rotation: [Double]

    /// t = -R C, in metres.
    public let translation: [Double]

    /// C, the camera's position in the landmark's frame, in metres.
    public let position: [Double]

    /// A camera at `position` that looks at `target`; `roll` turns it about its axis, in radians.
    init(
        position: SIMD3<Double>, target: SIMD3<Double>, roll: Double, focalLength: Double, width: Int, height: Int
    ) {
        self.focalLength = focalLength
        principalPoint = [Double(width) / 2, Double(height) / 2]
        let forward = Self.normalized(target - position)
        let level = Self.normalized(Self.cross(forward, SIMD3(0, 1, 0)))
        let up = Self.cross(level, forward)
        let (c, s) = (PortableMath.cosine(roll), PortableMath.sine(roll))
        let right = level * c + up * s
        let down = level * s - up * c
        rotation = [right.x, right.y, right.z, down.x, down.y, down.z, forward.x, forward.y, forward.z]
        translation = [-(right * position).sum(), -(down * position).sum(), -(forward * position).sum()]
        self.position = [position.x, position.y, position.z]
    }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }

    private static func normalized(_ v: SIMD3<Double>) -> SIMD3<Double> { v / (v * v).sum().squareRoot() }

    /// The camera's position as a vector.
    var center: SIMD3<Double> { SIMD3(position[0], position[1], position[2]) }

    /// Homogeneous view coordinates of a direction (0) or point (1) of the landmark's frame.
    func homogeneous(_ v: SIMD3<Double>, isPoint: Bool = true) -> SIMD3<Double> {
        let r = rotation
        let t = isPoint ? SIMD3(translation[0], translation[1], translation[2]) : .zero
        let c = SIMD3(
            r[0] * v.x + r[1] * v.y + r[2] * v.z, r[3] * v.x + r[4] * v.y + r[5] * v.z,
            r[6] * v.x + r[7] * v.y + r[8] * v.z)
        let moved = c + t
        return SIMD3(
            focalLength * moved.x + principalPoint[0] * moved.z, focalLength * moved.y + principalPoint[1] * moved.z,
            moved.z)
    }

    /// The view position of a point of the landmark's frame, in pixels, and its depth in metres.
    public func project(x: Double, y: Double, z: Double) -> (x: Double, y: Double, depth: Double) {
        let h = homogeneous(SIMD3(x, y, z))
        return (h.x / h.z, h.y / h.z, h.z)
    }

    /// The map to the view from a plane with coordinates (a, b): the point `origin + a * across + b * down`.
    func map(origin: SIMD3<Double>, across: SIMD3<Double>, down: SIMD3<Double>) -> PlaneMap {
        let a = homogeneous(across, isPoint: false)
        let b = homogeneous(down, isPoint: false)
        let o = homogeneous(origin)
        return PlaneMap(elements: [a.x, b.x, o.x, a.y, b.y, o.y, a.z, b.z, o.z])
    }

    /// The direction of a pixel's ray in the landmark's frame, not normalised.
    func ray(x: Double, y: Double) -> SIMD3<Double> {
        let r = rotation
        let a = (x - principalPoint[0]) / focalLength
        let b = (y - principalPoint[1]) / focalLength
        return SIMD3(r[0] * a + r[3] * b + r[6], r[1] * a + r[4] * b + r[7], r[2] * a + r[5] * b + r[8])
    }
}
