import CKernels
import Testing

@Suite("Scan kernels")
struct ScanKernelTests {
    /// Coded rows and queries with the products that they must have.
    struct Case {
        let stride: Int
        let rows: [UInt8]
        let queries: [Int8]
        let rowCount: Int
        let queryCount: Int

        /// Codes from -127 to 127: any, or only the greatest with a sign.
        init(rows rowCount: Int, queries queryCount: Int, stride: Int, extremes: Bool = false, seed: UInt64) {
            var random = SeededBytes(state: seed)
            func code() -> Int {
                let byte = Int(random.next())
                return extremes ? (byte & 1 == 0 ? -127 : 127) : max(1, byte) - 128
            }
            rows = (0..<rowCount * stride).map { _ in UInt8(code() + 128) }
            queries = (0..<queryCount * stride).map { _ in Int8(code()) }
            self.rowCount = rowCount
            self.queryCount = queryCount
            self.stride = stride
        }

        func product(_ row: Int, _ query: Int) -> Int32 {
            (0..<stride).reduce(0) {
                $0 + (Int32(rows[row * stride + $1]) - 128) * Int32(queries[query * stride + $1])
            }
        }
    }

    /// Products of groups, as rows of queries; guards behind them are looked at.
    func products(_ set: Case, _ instructionSet: cairn_isa) -> [[Int32]] {
        let groups = (set.queryCount + 15) / 16
        let count = groups * set.rowCount * 16
        let packedBytes = cairn_scan_packed_bytes(set.queryCount, set.stride)
        let packed = UnsafeMutableRawPointer.allocate(byteCount: packedBytes + 64, alignment: 64)
        let raw = UnsafeMutableRawPointer.allocate(byteCount: 4 * (count + 16), alignment: 64)
        defer {
            packed.deallocate()
            raw.deallocate()
        }
        let sums = raw.bindMemory(to: Int32.self, capacity: count + 16)
        sums.initialize(repeating: 77, count: count + 16)
        (packed + packedBytes).storeBytes(of: 0xa5, as: UInt8.self)
        cairn_scan_pack(set.queries, set.queryCount, set.stride, packed)
        #expect((packed + packedBytes).load(as: UInt8.self) == 0xa5, "packing runs over its end")
        cairn_scan_groups(set.rows, set.rowCount, set.stride, packed, groups, sums, instructionSet)
        #expect((count..<count + 16).allSatisfy { sums[$0] == 77 }, "products run over their end")
        for query in set.queryCount..<groups * 16 {
            #expect(
                (0..<set.rowCount).allSatisfy { sums[(query / 16 * set.rowCount + $0) * 16 + query % 16] == 0 },
                "a query that only fills up has products")
        }
        return (0..<set.rowCount).map { row in
            (0..<set.queryCount).map { sums[($0 / 16 * set.rowCount + row) * 16 + $0 % 16] }
        }
    }

    @Test("Products of groups are those of brute force, at every remainder of rows", arguments: instructionSets)
    func groups(instructionSet: cairn_isa) {
        for (rows, queries, stride) in [
            (0, 3, 64), (1, 1, 64), (5, 16, 128), (15, 17, 192), (16, 2, 64), (17, 40, 64), (33, 33, 576), (49, 20, 64),
            (64, 48, 128), (127, 5, 64),
        ] {
            let set = Case(rows: rows, queries: queries, stride: stride, seed: UInt64(rows + 1))
            let found = products(set, instructionSet)
            for row in 0..<rows {
                #expect(found[row] == (0..<queries).map { set.product(row, $0) }, "\(rows) x \(queries) x \(stride)")
            }
        }
    }

    @Test("Products of one query are those of brute force, at every remainder of rows", arguments: instructionSets)
    func one(instructionSet: cairn_isa) {
        for (rows, stride) in [(0, 64), (1, 64), (3, 8192), (4, 128), (6, 576), (127, 64), (128, 512)] {
            let set = Case(rows: rows, queries: 1, stride: stride, seed: UInt64(stride))
            var found = [Int32](repeating: 77, count: rows + 4)
            cairn_scan_one(set.rows, rows, stride, set.queries, &found, instructionSet)
            #expect(Array(found.prefix(rows)) == (0..<rows).map { set.product($0, 0) }, "\(rows) x \(stride)")
            #expect(found.suffix(4) == [77, 77, 77, 77])
        }
    }

    @Test("The greatest codes do not overflow or saturate", arguments: instructionSets)
    func extremes(instructionSet: cairn_isa) {
        for stride in [64, 8192] {
            var set = Case(rows: 17, queries: 17, stride: stride, extremes: true, seed: 3)
            #expect(products(set, instructionSet)[16][16] == set.product(16, 16))
            // All of one sign, then of opposite ones.
            for sign in [Int8(1), -1] {
                set = Case(
                    rows: [UInt8](repeating: 255, count: 17 * stride),
                    queries: [Int8](repeating: 127 * sign, count: 17 * stride), count: 17, stride: stride)
                let expected = Int32(127 * 127 * stride) * Int32(sign)
                #expect(products(set, instructionSet).allSatisfy { $0.allSatisfy { $0 == expected } })
                var found = [Int32](repeating: 0, count: 17)
                cairn_scan_one(set.rows, 17, stride, set.queries, &found, instructionSet)
                #expect(found.allSatisfy { $0 == expected })
            }
        }
    }

    @Test("Hits are the products that reach the threshold, in order", arguments: instructionSets)
    func hits(instructionSet: cairn_isa) {
        var random = SeededBytes(state: 11)
        for rows in [0, 1, 7, 16, 31, 128] {
            let raw = UnsafeMutableRawPointer.allocate(byteCount: 64 * (rows + 1), alignment: 64)
            defer { raw.deallocate() }
            let sums = raw.bindMemory(to: Int32.self, capacity: 16 * (rows + 1))
            for i in 0..<16 * (rows + 1) { sums[i] = (Int32(random.next()) - 128) * 65_537 }
            let scales = (0..<rows).map { _ in Float(random.next()) / 1_000 }
            for threshold in [Float(0), 1_000, 250_000, -.infinity, .infinity, .nan] {
                var found = [UInt32](repeating: 77, count: rows + 1)
                let count = cairn_scan_hits_of_one(sums, scales, rows, threshold, &found, instructionSet)
                #expect(
                    found.prefix(count).elementsEqual(
                        (0..<rows).filter { Float(sums[$0]) * scales[$0] >= threshold }.map { UInt32($0) }))
                let thresholds = (0..<16).map { threshold + Float($0) * 1_000 }
                var grouped = [UInt32](repeating: 77, count: 16 * rows + 1)
                let all = cairn_scan_hits_of_group(sums, scales, rows, thresholds, &grouped, instructionSet)
                #expect(
                    grouped.prefix(all).elementsEqual(
                        (0..<16 * rows).filter { Float(sums[$0]) * scales[$0 / 16] >= thresholds[$0 % 16] }
                            .map { UInt32($0) }))
                #expect(found[rows] == 77 && grouped[16 * rows] == 77, "hits run over their end")
            }
        }
    }

    @Test("Scores are the inner products, the same bits through every path", arguments: instructionSets)
    func scores(instructionSet: cairn_isa) {
        var random = SeededBytes(state: 5)
        for dimensions in [1, 8, 15, 16, 17, 100, 511, 2048] {
            let values = (0..<4 * dimensions).map { _ in (Float(random.next()) - 128) * (Float(random.next()) + 1) / 7e4
            }
            func scores(_ set: cairn_isa) -> [Float] {
                var scores = [Float](repeating: 0, count: 3)
                values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    let vectors = (1...3).map { Optional(base + $0 * dimensions) }
                    cairn_scan_scores(base, dimensions, vectors, 3, &scores, set)
                }
                return scores
            }
            let found = scores(instructionSet)
            #expect(found == scores(.plain))
            for vector in 0..<3 {
                let exact = (0..<dimensions).reduce(0.0) {
                    $0 + Double(values[$1]) * Double(values[(vector + 1) * dimensions + $1])
                }
                #expect(abs(Double(found[vector]) - exact) <= abs(exact) * 6e-8 + 1e-12)
            }
        }
    }

    @Test("A coded vector is within its residual of the vector, and is filled up with zeros")
    func coding() {
        var random = SeededBytes(state: 6)
        for dimensions in [8, 63, 64, 65, 300] {
            let vector = (0..<dimensions).map { _ in (Float(random.next()) - 127.5) / 999 }
            let stride = cairn_scan_stride(dimensions)
            var row = [UInt8](repeating: 1, count: stride)
            var query = [Int8](repeating: 1, count: stride)
            let code = cairn_scan_encode_row(vector, dimensions, &row)
            #expect(cairn_scan_encode_query(vector, dimensions, &query).residual == code.residual)
            #expect(row.map { Int($0) - 128 } == query.map { Int($0) })
            #expect(query.suffix(stride - dimensions).allSatisfy { $0 == 0 })
            #expect(query.map { abs(Int($0)) }.max() == 127)
            var squared = 0.0
            for (value, c) in zip(vector, query) {
                let difference = Double(value) - Double(code.scale) * Double(c)
                #expect(abs(difference) <= Double(code.scale) * 0.50001)
                squared += difference * difference
            }
            #expect(Double(code.residual) >= squared.squareRoot())
            #expect(Double(code.residual) <= squared.squareRoot() * 1.00001)
            let norm = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
            #expect(abs(code.squared_norm - norm) < 1e-12)
        }
    }

    @Test("Vectors that have no direction, or values that are no numbers, get no codes")
    func uncodable() {
        for (value, isFinite) in [(Float(0), true), (.nan, false), (.infinity, false), (.leastNonzeroMagnitude, true)] {
            var vector = [Float](repeating: 0, count: 10)
            vector[3] = value
            var row = [UInt8](repeating: 1, count: 64)
            let code = cairn_scan_encode_row(vector, 10, &row)
            #expect(code.scale == 0 && code.squared_norm.isFinite == isFinite)
            #expect(row.allSatisfy { $0 == 128 })
        }
    }
}

extension ScanKernelTests.Case {
    init(rows: [UInt8], queries: [Int8], count: Int, stride: Int) {
        self.stride = stride
        self.rows = rows
        self.queries = queries
        rowCount = count
        queryCount = count
    }
}
