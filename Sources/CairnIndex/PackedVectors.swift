import CKernels

/// Byte vectors in the layout of the distance kernels.
final class PackedVectors: @unchecked Sendable {
    // Unchecked: the memory is written in `init` only.

    /// The number of vectors.
    let count: Int

    /// Bytes in a vector.
    let dimensions: Int

    /// The kernels' layout; aligned to 64 bytes.
    private let packed: UnsafeMutableRawPointer

    /// Packs vector after vector.
    init(_ vectors: UnsafeBufferPointer<UInt8>, dimensions: Int) {
        precondition(vectors.count % dimensions == 0, "\(vectors.count) bytes of \(dimensions)-byte vectors")
        self.dimensions = dimensions
        count = vectors.count / dimensions
        packed = .allocate(byteCount: max(64, cairn_packed_u8_bytes(count, dimensions)), alignment: 64)
        if let base = vectors.baseAddress { cairn_pack_u8(base, count, dimensions, packed) }
    }

    deinit { packed.deallocate() }

    /// Finds, for every query vector, its `neighbors` nearest by squared Euclidean distance, nearest first; of two
    /// equally near ones the lower index comes first. The answer does not depend on `threads`.
    ///
    /// - Parameters:
    ///   - queries: `queryCount * dimensions` bytes.
    ///   - neighbors: No more than `count`, nor than `maximumNeighbors`.
    ///   - indices: Receives `queryCount * neighbors` indices.
    ///   - distances: Receives as many squared distances.
    func findNearest(
        queries: UnsafePointer<UInt8>, queryCount: Int, neighbors: Int, threads: Int,
        indices: UnsafeMutablePointer<Int32>, distances: UnsafeMutablePointer<Int32>
    ) {
        defer { withExtendedLifetime(self) {} }
        precondition((1...min(count, Self.maximumNeighbors)).contains(neighbors), "\(neighbors) neighbours of \(count)")
        forEachPart(of: queryCount, threads: threads) { part in
            cairn_nearest_u8(
                queries + part.lowerBound * dimensions, part.count, packed, count, dimensions, neighbors,
                indices + part.lowerBound * neighbors, distances + part.lowerBound * neighbors, .best)
        }
    }

    /// Finds, for each of these vectors, the nearest of `rowCount` rows; among equals the lowest.
    ///
    /// - Parameters:
    ///   - rows: `rowCount * dimensions` bytes, at most as many rows as `results` has room for.
    ///   - results: Receives the rows' indices and squared distances.
    func findNearestRows(_ rows: UnsafePointer<UInt8>, rowCount: Int, into results: inout NearestRows) {
        defer { withExtendedLifetime(self) {} }
        results.withPointers { ofVectors, ofRows, workspace in
            cairn_match_u8(rows, rowCount, packed, count, dimensions, ofRows, ofVectors, workspace, .best)
        }
    }

    /// The most neighbours that the kernels find at once.
    static let maximumNeighbors = Int(CAIRN_NEAREST_MAX_K)
}

/// What `PackedVectors.findNearestRows` finds, and the memory that it needs to do so.
struct NearestRows: ~Copyable {
    /// For each vector the index of its nearest row; -1 when there was none.
    private(set) var nearest: [Int32]

    /// For each vector the squared distance to that row.
    private(set) var distance: [Int32]

    private var unused: [Int32]
    private var rowScratch: [Int32]
    private let workspace: UnsafeMutableRawPointer

    /// Room for the nearest of up to `rowCapacity` rows to each of `vectorCount` vectors.
    init(vectorCount: Int, dimensions: Int, rowCapacity: Int) {
        nearest = Array(repeating: -1, count: vectorCount)
        distance = nearest
        unused = nearest
        rowScratch = Array(repeating: -1, count: 3 * rowCapacity)
        workspace = .allocate(
            byteCount: max(64, cairn_match_u8_workspace_bytes(vectorCount, dimensions)), alignment: 64)
    }

    deinit { workspace.deallocate() }

    fileprivate mutating func withPointers(
        _ body: (cairn_two_nearest, cairn_two_nearest, UnsafeMutableRawPointer) -> Void
    ) {
        nearest.withUnsafeMutableBufferPointer { nearest in
            distance.withUnsafeMutableBufferPointer { distance in
                unused.withUnsafeMutableBufferPointer { unused in
                    rowScratch.withUnsafeMutableBufferPointer { rows in
                        guard let first = rows.baseAddress else { return }
                        let capacity = rows.count / 3
                        body(
                            cairn_two_nearest(
                                nearest: nearest.baseAddress, distance: distance.baseAddress, second: unused.baseAddress
                            ),
                            cairn_two_nearest(
                                nearest: first, distance: first + capacity, second: first + 2 * capacity),
                            workspace)
                    }
                }
            }
        }
    }
}
