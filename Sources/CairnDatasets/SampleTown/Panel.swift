/// A picture that stands in the scene: a plane, and what is painted on it.
struct Panel: Sendable {
    /// How a panel takes the light.
    enum Facing: Sendable { case front, left, right, roof }

    let texture: MipTexture
    /// The top left corner, and the steps from one texel to the next, in the landmark's frame, in metres.
    let origin: SIMD3<Double>
    let across: SIMD3<Double>
    let down: SIMD3<Double>
    let facing: Facing

    /// A panel of a texture's size; `across` and `down` are unit vectors, `scale` the texels to a metre.
    init(
        _ texture: MipTexture, origin: SIMD3<Double>, across: SIMD3<Double>, down: SIMD3<Double>, scale: Double,
        facing: Facing
    ) {
        self.texture = texture
        self.origin = origin
        self.across = across / scale
        self.down = down / scale
        self.facing = facing
    }

    /// True when the camera is on the side that the panel shows.
    func faces(_ camera: SIMD3<Double>) -> Bool {
        let n = SIMD3(
            down.y * across.z - down.z * across.y, down.z * across.x - down.x * across.z,
            down.x * across.y - down.y * across.x)
        return (n * (camera - origin)).sum() > 0
    }
}

/// A crown on its spot; it is turned towards each camera, as bodies of revolution look alike from everywhere.
struct CrownPanel: Sendable {
    let texture: MipTexture
    let axis: SIMD3<Double>
    let halfWidth: Double
    let top: Double
    let scale: Double

    /// The panel that faces a camera.
    func map(for pose: CameraPose) -> PlaneMap {
        var toCamera = pose.center - axis
        toCamera.y = 0
        let length = (toCamera * toCamera).sum().squareRoot()
        let right = SIMD3(toCamera.z, 0, -toCamera.x) / max(1e-9, length)
        let origin = SIMD3(axis.x, top, axis.z) - right * halfWidth
        return pose.map(origin: origin, across: right / scale, down: SIMD3(0, -1 / scale, 0))
    }
}
