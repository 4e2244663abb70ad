import CairnCore

extension CorrespondenceBuffer {
    /// The first `count` entries of the list without those that share a source or a target position with a better one:
    /// a keypoint with two orientations is one witness, and so is a target that many sources collapse to.
    ///
    /// Better is what has the higher weight; ties go to the earlier one. Ascending indices. Expected O(count), and
    /// O(count log count) where positions repeat.
    func distinct(_ count: Int, in correspondences: [Correspondence]) -> [Int] {
        let sources = hasRepeats(count) { correspondences[$0].source }
        guard sources || hasRepeats(count, { correspondences[$0].target }) else {
            return (0..<count).map { Int(list[$0]) }
        }
        var seenSources = Set<PixelPoint>(minimumCapacity: count)
        var seenTargets = Set<PixelPoint>(minimumCapacity: count)
        var kept: [Int] = []
        for k in (0..<count).sorted(by: { (-weights[$0], list[$0]) < (-weights[$1], list[$1]) }) {
            let item = correspondences[Int(list[k])]
            guard !seenSources.contains(item.source), !seenTargets.contains(item.target) else { continue }
            seenSources.insert(item.source)
            seenTargets.insert(item.target)
            kept.append(Int(list[k]))
        }
        return kept.sorted()
    }

    /// Whether two of the first `count` entries have the same position. An open hash table at half load, no seeding: a
    /// third of the time of a `Set`, in the common case that nothing repeats.
    private func hasRepeats(_ count: Int, _ position: (Int) -> PixelPoint) -> Bool {
        guard count > 1 else { return false }
        let bits = Int.bitWidth - (2 * count - 1).leadingZeroBitCount
        let mask = (1 << bits) - 1
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: mask + 1) { table in
            table.initialize(repeating: -1)
            for k in 0..<count {
                let point = position(Int(list[k]))
                var hash = point.x.bitPattern &* 0x9E37_79B9_7F4A_7C15
                hash = (hash ^ (hash >> 32) ^ point.y.bitPattern) &* 0xD6E8_FEB8_6659_FD93
                var slot = Int(truncatingIfNeeded: hash >> 40) & mask
                while table[slot] >= 0 {
                    if position(Int(table[slot])) == point { return true }
                    slot = (slot + 1) & mask
                }
                table[slot] = list[k]
            }
            return false
        }
    }
}
