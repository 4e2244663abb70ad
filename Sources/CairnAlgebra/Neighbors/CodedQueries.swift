import CKernels

/// A block of queries in 8-bit codes, with what each has found so far: its `floor`, below which nothing matters to it.
///
/// Codes stand for the multiple of themselves that is nearest to their vector: q̂ for the query q, ŷ for the row y, at angles α
/// and β. What they leave out is orthogonal to them, so with θ the angle between q̂ and ŷ, and P = |q||y|,
/// |q·y - q̂·ŷ| <= sin θ (sin α + sin β) P + sin α sin β P (q·y = q̂·ŷ + q̂·(y - ŷ) + (q - q̂)·ŷ + (q - q̂)·(y - ŷ), and of the
/// second and third term only the parts orthogonal to ŷ and to q̂ count). So the bound is close for rows that are alike.
/// P² sin² θ is at most P² - (q̂·ŷ)² here, with a part in 10⁶ added, and P / 2¹⁹ covers everything else that is rounded.
struct CodedQueries: ~Copyable {
    /// Queries of a group.
    static let groupSize = Int(CAIRN_SCAN_GROUP)

    /// How many there are now.
    private(set) var count = 0

    /// Room for so many.
    let capacity: Int
    let dimensions: Int
    let groupBytes: Int
    let packed: UnsafeMutableRawPointer

    /// For each query: what products of codes are multiplied by beside the row's scale, the sine of α, and the length.
    let scales, deviations, norms: UnsafeMutablePointer<Float>

    /// For each query: the least inner product that matters; infinity when none does.
    let floors: UnsafeMutablePointer<Float>

    private let inverseScales: UnsafeMutablePointer<Float>
    private let codes: UnsafeMutablePointer<Int8>
    private let stride: Int

    /// How a query can be searched for.
    enum Kind { case coded, zero, outOfRange }

    init(capacity: Int, dimensions: Int) {
        let groups = (capacity + Self.groupSize - 1) / Self.groupSize
        let lanes = groups * Self.groupSize
        self.capacity = capacity
        self.dimensions = dimensions
        stride = cairn_scan_stride(dimensions)
        groupBytes = cairn_scan_packed_bytes(Self.groupSize, stride)
        packed = .allocate(byteCount: max(64, groups * groupBytes), alignment: 64)
        codes = .allocate(capacity: max(1, capacity * stride))
        scales = .allocate(capacity: lanes)
        deviations = .allocate(capacity: lanes)
        norms = .allocate(capacity: lanes)
        floors = .allocate(capacity: lanes)
        inverseScales = .allocate(capacity: lanes)
    }

    deinit {
        packed.deallocate()
        codes.deallocate()
        for lanes in [scales, deviations, norms, floors, inverseScales] { lanes.deallocate() }
    }

    /// Groups, the last one filled up with queries that hit nothing.
    var groupCount: Int { (count + Self.groupSize - 1) / Self.groupSize }

    /// Takes other queries. Those of kind `coded` begin with a floor of -infinity, the others never hit.
    mutating func load(_ rows: UnsafePointer<Float>, count: Int, kinds: (Int, Kind) -> Void) {
        precondition(count <= capacity, "\(count) queries where \(capacity) have room")
        self.count = count
        for query in 0..<groupCount * Self.groupSize {
            (scales[query], inverseScales[query], deviations[query], norms[query]) = (1, 1, 0, 0)
            floors[query] = .infinity
            guard query < count else { continue }
            let code = cairn_scan_encode_query(rows + query * dimensions, dimensions, codes + query * stride)
            let norm = code.squared_norm.squareRoot()
            guard CodedRows.normRange.contains(norm) else {
                kinds(query, norm == 0 ? .zero : .outOfRange)
                continue
            }
            let fit = CodeFit(rows + query * dimensions, dimensions: dimensions, squaredNorm: code.squared_norm) {
                Float(codes[query * stride + $0])
            }
            scales[query] = fit.scale
            inverseScales[query] = 1 / fit.scale
            deviations[query] = fit.deviation
            norms[query] = CodedRows.roundedUp(norm)
            floors[query] = -.infinity
            kinds(query, .coded)
        }
        cairn_scan_pack(codes, count, stride, packed)
    }

    /// How far the estimate of a product may be off.
    @inline(__always)
    func error(of estimate: Float, query: Int, deviation: Float, norm: Float) -> Float {
        let length = norms[query] * norm
        let square = length * length
        let across = (max(0, square - estimate * estimate) + square * 1e-6).squareRoot()
        return across * (deviations[query] + deviation) + length * (deviations[query] * deviation + 0x1p-19)
    }

    /// What products of codes, times the row's scale, must reach to matter where no deviation and no length is greater.
    @inline(__always)
    func thresholds(of group: Int, deviation: Float, norm: Float) -> SIMD16<Float> {
        let first = group * Self.groupSize
        func lanes(_ values: UnsafeMutablePointer<Float>) -> SIMD16<Float> {
            UnsafeRawPointer(values + first).loadUnaligned(as: SIMD16<Float>.self)
        }
        let (own, floors) = (lanes(deviations), lanes(floors))
        let length = lanes(norms) * norm
        let both = own + deviation
        let rest = length * (own * deviation + 0x1p-19)
        // No angle is wider than the one of the least estimate that could matter if all angles were right ones.
        let least = pointwiseMax(floors - length * both - rest, .zero)
        let square = length * length
        let across = (pointwiseMax(square - least * least, .zero) + square * 1e-6).squareRoot()
        return (floors - across * both - rest) * lanes(inverseScales)
    }
}
