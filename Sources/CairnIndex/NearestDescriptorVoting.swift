import CairnCore

/// Voting by nearest descriptors: every descriptor of the query votes once, for the image that has the descriptor
/// nearest to it among the lists of its nearest words.
///
/// With all words probed the nearest descriptor is exact. Equal distances go to the lowest image. There is no ratio
/// test and no distance limit: geometry is for a later stage.
struct NearestDescriptorVoting {
    /// The index searched.
    let index: InvertedIndex

    /// The words of an image, each with a descriptor; within a word, descriptors keep the order of the image.
    static func signature(
        of descriptors: UnsafeRawBufferPointer, vocabulary: Vocabulary, threads: Int = 1
    ) -> ImageSignature {
        let dimensions = vocabulary.dimensions
        let nearest = vocabulary.nearestWords(of: descriptors, multiplicity: 1, threads: threads)
        let order = nearest.indices.sorted { (nearest[$0], $0) < (nearest[$1], $1) }
        var codes: [UInt8] = []
        codes.reserveCapacity(descriptors.count)
        for i in order { codes.append(contentsOf: descriptors[i * dimensions..<(i + 1) * dimensions]) }
        return ImageSignature(words: order.map { nearest[$0] }, codes: codes, codeBytes: dimensions)
    }

    /// The nearest descriptor found so far: first its distance counts, then its image.
    private struct Candidate: Comparable {
        var distance = Int32.max
        var image = UInt32.max

        static func < (left: Candidate, right: Candidate) -> Bool {
            (left.distance, left.image) < (right.distance, right.image)
        }
    }

    func search(_ descriptors: UnsafeRawBufferPointer, limit: Int, threads: Int) -> [ScoredImage] {
        let dimensions = index.vocabulary.dimensions
        let queryCount = descriptors.count / dimensions
        let probes = min(index.configuration.queryAssignments, index.vocabulary.count)
        let words = index.vocabulary.nearestWords(of: descriptors, multiplicity: probes, threads: threads)
        var nearest = [Candidate](repeating: Candidate(), count: queryCount)
        nearest.withUnsafeMutableBufferPointer { nearest in
            // Threads share the query's descriptors, each of which has a place of its own.
            nonisolated(unsafe) let nearest = nearest
            forEachPart(of: queryCount, threads: threads) { range in
                // Descriptors that probe the same word are compared with its list together.
                let probed = (range.lowerBound * probes..<range.upperBound * probes).map {
                    UInt64(words[$0]) << 32 | UInt64($0 / probes)
                }
                .sorted()
                var first = 0
                while first < probed.count {
                    var next = first
                    while next < probed.count, probed[next] >> 32 == probed[first] >> 32 { next += 1 }
                    let group = probed[first..<next].map { Int($0 & 0xFFFF_FFFF) }
                    scan(Int(probed[first] >> 32), for: group, of: descriptors, nearest)
                    first = next
                }
            }
        }

        var votes: [UInt32: Int] = [:]
        for candidate in nearest where candidate.distance != .max { votes[candidate.image, default: 0] += 1 }
        var best = BestImages(limit: limit)
        for (image, count) in votes {
            best.insert(ScoredImage(image: ImageID(image), similarity: Similarity(Float(count)), matches: count))
        }
        return best.sorted
    }

    /// Compares a group of the query's descriptors with the list of one word in all files.
    private func scan(
        _ word: Int, for group: [Int], of descriptors: UnsafeRawBufferPointer,
        _ nearest: UnsafeMutableBufferPointer<Candidate>
    ) {
        let dimensions = index.vocabulary.dimensions
        var vectors: [UInt8] = []
        for i in group { vectors.append(contentsOf: descriptors[i * dimensions..<(i + 1) * dimensions]) }
        let packed = vectors.withUnsafeBufferPointer { PackedVectors($0, dimensions: dimensions) }
        var found = NearestRows(vectorCount: group.count, dimensions: dimensions, rowCapacity: Self.block)
        for part in index.parts {
            guard let codes = part.file.codes.baseAddress else { continue }
            forEachLiveRun(of: word, in: part) { run in
                packed.findNearestRows(codes + run.lowerBound * dimensions, rowCount: run.count, into: &found)
                for (i, query) in group.enumerated() {
                    let row = Int(found.nearest[i])
                    guard row >= 0 else { continue }
                    let slot = Int(part.file.slots[run.lowerBound + row])
                    // Postings are not checked on opening, so a damaged file may have any slot.
                    guard slot < part.file.count else { continue }
                    nearest[query] = min(
                        nearest[query], Candidate(distance: found.distance[i], image: part.file.imageNumbers[slot]))
                }
            }
        }
    }

    /// Postings compared at a time.
    private static let block = 4096

    /// The runs of a word's list without removed images, of at most `block` postings each.
    private func forEachLiveRun(of word: Int, in part: InvertedIndex.Part, _ body: (Range<Int>) -> Void) {
        let list = part.file.list(of: word)
        var start = list.lowerBound
        func emit(to end: Int) {
            while start < end {
                let stop = min(end, start + Self.block)
                body(start..<stop)
                start = stop
            }
        }
        if !part.removedSlots.isEmpty {
            var removed = part.removedSlots[...]
            for position in list {
                let slot = Int(part.file.slots[position])
                removed = removed.drop { $0 < slot }
                guard slot == removed.first else { continue }
                emit(to: position)
                start = position + 1
            }
        }
        emit(to: list.upperBound)
    }
}
