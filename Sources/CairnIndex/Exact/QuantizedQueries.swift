import CKernels
import CairnCore

/// Queries as the scan wants them, with what bounds the error of their codes.
///
/// With q̂ = s c the coded query, r its residual |q - q̂|, and the same of a row y: q·y - q̂·ŷ = q̂·(y - ŷ) + (q - q̂)·y, so
/// |q·y - q̂·ŷ| <= |q̂| r_y + r_q |y| (Cauchy-Schwarz). Here |q̂| r_y is `reach` times the row's residual, and the rest is
/// `slack`, which also covers the rounding of everything that is computed in 32-bit floats.
struct QuantizedQueries: ~Copyable {
    /// How many there are.
    let count: Int

    /// Groups of `groupSize`, the last one filled up with queries that hit nothing.
    let groupCount: Int

    /// For each group: what products of codes are multiplied by, beside the row's scale.
    let scales: [SIMD16<Float>]

    /// 1 / `scales`.
    let inverseScales: [SIMD16<Float>]

    /// For each group: what a row's residual is multiplied by.
    let reaches: [SIMD16<Float>]

    /// For each group: what the bound has beside that.
    let slacks: [SIMD16<Float>]

    /// The packed groups.
    let packed: UnsafeMutableRawPointer

    /// Bytes of a packed group.
    let groupBytes: Int

    /// The codes of the first query.
    let first: [Int8]

    /// Queries of a group.
    static let groupSize = Int(CAIRN_SCAN_GROUP)

    /// Covers rounding: similarities are at most 1.03, four roundings of them 2.5e-7.
    private static let roundingSlack: Float = 4e-6

    /// Codes `count` queries of `dimensions` values each.
    ///
    /// - Throws: `IndexError` when one is not of length 1.
    init(_ queries: UnsafePointer<Float>, count: Int, dimensions: Int, firstNumber: Int) throws(IndexError) {
        let stride = cairn_scan_stride(dimensions)
        let groups = (count + Self.groupSize - 1) / Self.groupSize
        var codes = [Int8](repeating: 0, count: count * stride)
        var scales = [SIMD16<Float>](repeating: SIMD16(repeating: 1), count: groups)
        var reaches = [SIMD16<Float>](repeating: .zero, count: groups)
        var slacks = reaches
        for q in 0..<count {
            let code = codes.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map {
                    cairn_scan_encode_query(queries + q * dimensions, dimensions, $0 + q * stride)
                }
                    ?? cairn_scan_code()
            }
            if let problem = DescriptorFile.problem(squaredNorm: code.squared_norm) {
                throw IndexError(.invalidArgument, "the descriptor of query \(firstNumber + q) \(problem)")
            }
            let (group, lane) = (q / Self.groupSize, q % Self.groupSize)
            let longest = Float(1 + DescriptorFile.normTolerance).nextUp
            scales[group][lane] = code.scale
            reaches[group][lane] = longest + code.residual
            slacks[group][lane] = code.residual * longest + Self.roundingSlack
        }
        self.count = count
        groupCount = groups
        self.scales = scales
        inverseScales = scales.map { 1 / $0 }
        self.reaches = reaches
        self.slacks = slacks
        groupBytes = cairn_scan_packed_bytes(Self.groupSize, stride)
        packed = .allocate(byteCount: max(64, groups * groupBytes), alignment: 64)
        cairn_scan_pack(codes, count, stride, packed)
        first = Array(codes.prefix(stride))
    }

    deinit { packed.deallocate() }
}
