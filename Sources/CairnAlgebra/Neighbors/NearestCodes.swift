import CKernels

/// What one thread's scan by codes has found for each query of its block.
///
/// A row whose product with a query may reach the query's floor is multiplied at once, while it is in the cache. A floor
/// begins with a guess, and is raised from time to time to what `k` rows reach. A query whose `k`-th best product is below
/// the guess misses: it has to be searched for again, from that product. A query that asks for too many products gives up:
/// SGEMM is faster where thousands of rows are nearly equal.
struct NearestCodes: ~Copyable, CodeScanSink {
    /// Numbers of queries without a result: those that missed, with floors that they certainly reach, and those that gave up.
    struct Left: Sendable {
        var missed: [Int] = []
        var floors: [Float] = []
        var crowded: [Int] = []
    }

    /// A row with its score, as a number that is greater for what comes first: greater scores, then lower rows.
    private struct Ranked {
        let key: UInt64

        init(key: UInt64) { self.key = key }

        init(score: Float, row: Int32) {
            // Of 0 and -0, which are equal, only the first. Bits of negative numbers ascend the other way.
            let bits = (score + 0).bitPattern
            let ascending = bits >> 31 == 0 ? bits | 1 << 31 : ~bits
            key = UInt64(ascending) << 32 | UInt64(~UInt32(bitPattern: row))
        }

        var row: Int32 { Int32(bitPattern: ~UInt32(truncatingIfNeeded: key)) }

        var score: Float {
            let ascending = UInt32(truncatingIfNeeded: key >> 32)
            return Float(bitPattern: ascending >> 31 == 1 ? ascending ^ 1 << 31 : ~ascending)
        }
    }

    /// What is known of a query beside its floor.
    private struct State {
        var kind = CodedQueries.Kind.zero
        /// Rows kept.
        var count = 0
        /// Products that were asked for.
        var spent = 0
        var guess = -Float.infinity
        /// What `k` rows certainly reach.
        var least = -Float.infinity
    }

    private let search: NearestRowsSearch
    private let instructionSet: cairn_isa
    /// Rows that are kept for a query before its floor is raised, and products that it may ask for.
    private let room, budget: Int

    private let found: UnsafeMutablePointer<Ranked>
    private var states: [State]
    private var numbers: ArraySlice<Int> = []
    private var vectors: UnsafePointer<Float>?

    /// What is multiplied together: places in the block and rows.
    private let pairs, sorted: UnsafeMutablePointer<cairn_neighbors_pair>
    private let products: UnsafeMutablePointer<Double>
    private var pairCount = 0
    private var starts = [Int](repeating: 0, count: CodedRows.blockSize + 1)

    private static func room(k: Int) -> Int { 2 * k + 16 }

    /// Queries to scan for at once: enough to load each row of the gallery seldom, and some blocks for every thread.
    static func blockSize(k: Int, queries: Int, threads: Int) -> Int {
        let fitting = (16 << 20) / (room(k: k) * MemoryLayout<Ranked>.stride)
        let most = max(64, min(512, fitting / 64 * 64))
        let share = (queries / (4 * max(1, threads)) + 63) / 64 * 64
        return max(64, min(most, share))
    }

    init(_ search: NearestRowsSearch, rows: CodedRows, instructionSet: cairn_isa, capacity: Int) {
        self.search = search
        self.instructionSet = instructionSet
        room = Self.room(k: search.k)
        budget = max(16 * room, 2048, rows.count / 8)
        states = Array(repeating: State(), count: capacity)
        found = .allocate(capacity: capacity * room)
        pairs = .allocate(capacity: capacity * CodedRows.blockSize)
        sorted = .allocate(capacity: capacity * CodedRows.blockSize)
        products = .allocate(capacity: capacity * CodedRows.blockSize)
    }

    deinit {
        found.deallocate()
        pairs.deallocate()
        sorted.deallocate()
        products.deallocate()
    }

    /// Finds and writes the results of a block of queries.
    mutating func search(
        _ block: UnsafeBufferPointer<Float>, numbers: ArraySlice<Int>, _ queries: inout CodedQueries,
        _ scan: borrowing CodeScan, setFloors: (borrowing CodedQueries) -> Void
    ) -> Left {
        guard let base = block.baseAddress else { return Left() }
        (vectors, self.numbers) = (base, numbers)
        var states = states
        queries.load(base, count: numbers.count) { states[$0] = State(kind: $1) }
        setFloors(queries)
        for query in 0..<numbers.count { states[query].guess = queries.floors[query] }
        self.states = states
        _ = scan.run(queries, into: &self)
        var left = Left()
        for (query, number) in numbers.enumerated() {
            switch self.states[query].kind {
            case .zero: writeZeros(number)
            case .outOfRange: left.crowded.append(number)
            case .coded:
                if self.states[query].spent > budget {
                    left.crowded.append(number)
                } else if let least = finish(query, number) {
                    left.missed.append(number)
                    left.floors.append(least)
                }
            }
        }
        return left
    }

    @inline(__always)
    mutating func take(
        row: Int, query: Int, estimate: Float, error: Float, queries: borrowing CodedQueries
    ) -> Bool {
        guard !(search.excludesSelf && row == numbers[numbers.startIndex + query]) else { return true }
        pairs[pairCount] = cairn_neighbors_pair(
            query: Int32(truncatingIfNeeded: query), row: Int32(truncatingIfNeeded: row))
        pairCount += 1
        return true
    }

    mutating func flush(_ queries: borrowing CodedQueries) {
        guard pairCount > 0, let vectors, let gallery = search.gallery.values.baseAddress else { return }
        sortByRow()
        cairn_neighbors_exact(vectors, gallery, search.dimensions, sorted, pairCount, products, instructionSet)
        for place in 0..<pairCount {
            let (query, score) = (Int(sorted[place].query), Float(products[place]))
            states[query].spent += 1
            guard score >= states[query].least else { continue }
            found[query * room + states[query].count] = Ranked(score: score, row: sorted[place].row)
            states[query].count += 1
            if states[query].count == room { raiseFloor(query, queries) }
        }
        pairCount = 0
    }

    /// Brings pairs of one row together, so that it is loaded once.
    private mutating func sortByRow() {
        for row in 0...CodedRows.blockSize { starts[row] = 0 }
        for place in 0..<pairCount { starts[Int(pairs[place].row) % CodedRows.blockSize + 1] += 1 }
        for row in 0..<CodedRows.blockSize { starts[row + 1] += starts[row] }
        for place in 0..<pairCount {
            let row = Int(pairs[place].row) % CodedRows.blockSize
            sorted[starts[row]] = pairs[place]
            starts[row] += 1
        }
    }

    private func rows(of query: Int) -> UnsafeMutableBufferPointer<Ranked> {
        UnsafeMutableBufferPointer(start: found + query * room, count: states[query].count)
    }

    /// Keeps the best `k` rows of a query.
    private mutating func raiseFloor(_ query: Int, _ queries: borrowing CodedQueries) {
        let least = rows(of: query).moveGreatest(search.k) { $0.key }
        states[query].count = search.k
        states[query].least = Ranked(key: least).score
        queries.floors[query] =
            states[query].spent > budget ? .infinity : max(queries.floors[query], states[query].least)
    }

    /// Writes the best rows of a query; or returns what `k` rows reach when better ones may have been passed over.
    private func finish(_ query: Int, _ number: Int) -> Float? {
        var rows = rows(of: query)
        guard rows.count >= search.k else { return -.infinity }
        rows.sort { $0.key > $1.key }
        let least = rows[search.k - 1].score
        guard least >= states[query].guess else { return least }
        for rank in 0..<search.k { search.write(rows[rank].row, rows[rank].score, query: number, rank: rank) }
        return nil
    }

    /// Everything has the product 0 with a query of zeros: the first rows are its nearest.
    private func writeZeros(_ number: Int) {
        let rows = (0...search.k).filter { !(search.excludesSelf && $0 == number) }.prefix(search.k)
        for (rank, row) in rows.enumerated() {
            search.write(Int32(truncatingIfNeeded: row), 0, query: number, rank: rank)
        }
    }
}
