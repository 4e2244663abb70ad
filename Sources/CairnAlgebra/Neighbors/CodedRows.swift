import CKernels
import Dispatch

/// A gallery in 8-bit codes, with what bounds their error. `CodedQueries` has the bound.
///
/// Memory: a byte a dimension (rows filled up to 64) and 12 bytes a row.
///
/// Unchecked: filled by `init`, only read afterwards.
final class CodedRows: @unchecked Sendable {
    /// Rows that are scanned together.
    static let blockSize = 128

    /// Lengths for which nothing that is computed in float32 leaves its range. Zero is fine too.
    static let normRange = 1e-7...1e7

    let count: Int
    let dimensions: Int

    /// Bytes from one row's codes to the next.
    let stride: Int
    let codes: UnsafeMutablePointer<UInt8>

    /// For each row: what its codes are multiplied by; the sine of the angle between it and that; its length. The latter two
    /// are never less than they are.
    let scales, deviations, norms: UnsafeMutablePointer<Float>

    /// The greatest deviation and length of each `blockSize` rows.
    private(set) var blockDeviations: [Float] = []
    private(set) var blockNorms: [Float] = []

    private init(count: Int, dimensions: Int) {
        self.count = count
        self.dimensions = dimensions
        stride = cairn_scan_stride(dimensions)
        codes = UnsafeMutableRawPointer.allocate(byteCount: max(1, count * stride), alignment: 64)
            .bindMemory(to: UInt8.self, capacity: count * stride)
        scales = .allocate(capacity: count)
        deviations = .allocate(capacity: count)
        norms = .allocate(capacity: count)
    }

    /// Codes all rows; nil when there are too many dimensions, or a row is too long or too short for float32.
    convenience init?(_ rows: UnsafeBufferPointer<Float>, dimensions: Int, threads: Int) {
        self.init(count: rows.count / dimensions, dimensions: dimensions)
        guard dimensions <= Int(CAIRN_SCAN_MAX_DIMENSIONS), let source = rows.baseAddress else { return nil }
        let parts = max(1, min(threads, count))
        var fits = [Bool](repeating: false, count: parts)
        fits.withUnsafeMutableBufferPointer { fits in
            // Each part has its own place and its own rows.
            nonisolated(unsafe) let (fits, source) = (fits, source)
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                fits[part] = encode(count * part / parts..<count * (part + 1) / parts, source)
            }
        }
        guard fits.allSatisfy(\.self) else { return nil }
        findGreatest()
    }

    /// A copy of every `step`-th row, for estimates without errors: deviations and lengths are zeros.
    func sample(every step: Int) -> CodedRows {
        let sample = CodedRows(count: (count + step - 1) / step, dimensions: dimensions)
        for (place, row) in Swift.stride(from: 0, to: count, by: step).enumerated() {
            (sample.codes + place * stride).update(from: codes + row * stride, count: stride)
            sample.scales[place] = scales[row]
            (sample.deviations[place], sample.norms[place]) = (0, 0)
        }
        sample.findGreatest()
        return sample
    }

    private func findGreatest() {
        for start in Swift.stride(from: 0, to: count, by: Self.blockSize) {
            let block = start..<min(count, start + Self.blockSize)
            blockDeviations.append(block.reduce(0) { max($0, deviations[$1]) })
            blockNorms.append(block.reduce(0) { max($0, norms[$1]) })
        }
    }

    deinit {
        UnsafeMutableRawPointer(codes).deallocate()
        scales.deallocate()
        deviations.deallocate()
        norms.deallocate()
    }

    private func encode(_ range: Range<Int>, _ source: UnsafePointer<Float>) -> Bool {
        for row in range {
            let code = cairn_scan_encode_row(source + row * dimensions, dimensions, codes + row * stride)
            let norm = code.squared_norm.squareRoot()
            guard norm == 0 || Self.normRange.contains(norm) else { return false }
            let fit = CodeFit(source + row * dimensions, dimensions: dimensions, squaredNorm: code.squared_norm) {
                Float(codes[row * stride + $0]) - 128
            }
            scales[row] = fit.scale
            deviations[row] = fit.deviation
            norms[row] = Self.roundedUp(norm)
        }
        return true
    }

    /// A float32 not below a length that was summed in double precision.
    static func roundedUp(_ length: Double) -> Float { Float(length * (1 + 1e-6)) }
}

/// The multiple of a vector's codes that is nearest to it, so that what it leaves out is orthogonal to it.
struct CodeFit {
    /// What the codes are multiplied by; 0 for a vector of zeros.
    let scale: Float
    /// The sine of the angle between the vector and its codes; never less than it is, up to a part in 10^7.
    let deviation: Float

    @inline(__always)
    init(_ vector: UnsafePointer<Float>, dimensions: Int, squaredNorm: Double, code: (Int) -> Float) {
        // Eight sums, so that they can share a register. Products with codes are exact in double precision.
        var (products, squares) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for first in stride(from: 0, to: dimensions, by: 8) {
            var (x, c) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            for lane in 0..<min(8, dimensions - first) {
                x[lane] = vector[first + lane]
                c[lane] = code(first + lane)
            }
            products += SIMD8<Double>(x) * SIMD8<Double>(c)
            squares += SIMD8<Double>(c) * SIMD8<Double>(c)
        }
        let (product, square) = (products.sum(), squares.sum())
        guard square > 0, squaredNorm > 0 else {
            (scale, deviation) = (0, 0)
            return
        }
        scale = Float(product / square)
        let left = max(0, 1 - product / square * product / squaredNorm)
        deviation = CodedRows.roundedUp(left.squareRoot())
    }
}
