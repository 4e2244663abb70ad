/// The quadratic through a 3 x 3 x 3 neighbourhood over x, y and scale, by central differences (Brown & Lowe, BMVC 2002).
struct QuadraticFit {
    /// Where the extremum lies, in samples and levels from the centre.
    let x: Float
    let y: Float
    let layer: Float
    /// The quadratic's value there.
    let value: Float
    /// Second derivatives over x and y: trace and determinant.
    let trace: Float
    let determinant: Float

    /// Whether the extremum is nearer to the centre than to any neighbour.
    var isCentred: Bool { abs(x) < 0.5 && abs(y) < 0.5 && abs(layer) < 0.5 }

    /// Fits values of three layers, each addressed by sample offset from the centre; rows are `stride` apart.
    /// `nil` where the quadratic has no single extremum.
    @inline(__always)
    init?(stride: Int, below: (Int) -> Float, here: (Int) -> Float, above: (Int) -> Float) {
        let centre = here(0)
        let dx = (here(1) - here(-1)) * 0.5
        let dy = (here(stride) - here(-stride)) * 0.5
        let ds = (above(0) - below(0)) * 0.5
        let dxx = here(1) + here(-1) - 2 * centre
        let dyy = here(stride) + here(-stride) - 2 * centre
        let dss = above(0) + below(0) - 2 * centre
        let dxy = (here(stride + 1) - here(stride - 1) - here(1 - stride) + here(-stride - 1)) * 0.25
        let dxs = (above(1) - above(-1) - below(1) + below(-1)) * 0.25
        let dys = (above(stride) - above(-stride) - below(stride) + below(-stride)) * 0.25

        // Solve H t = -d by the cofactors of a symmetric matrix.
        let c00 = dyy * dss - dys * dys
        let c01 = dxs * dys - dxy * dss
        let c02 = dxy * dys - dxs * dyy
        let c11 = dxx * dss - dxs * dxs
        let c12 = dxy * dxs - dxx * dys
        let c22 = dxx * dyy - dxy * dxy
        let hessian = dxx * c00 + dxy * c01 + dxs * c02
        guard hessian != 0 else { return nil }
        x = -(c00 * dx + c01 * dy + c02 * ds) / hessian
        y = -(c01 * dx + c11 * dy + c12 * ds) / hessian
        layer = -(c02 * dx + c12 * dy + c22 * ds) / hessian
        value = centre + 0.5 * (dx * x + dy * y + ds * layer)
        trace = dxx + dyy
        determinant = c22
    }
}
