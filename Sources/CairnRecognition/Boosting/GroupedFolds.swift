/// Splits of a set in which no group stands on both sides: for cross-validation on photos of which many show one landmark.
///
/// Groups go, largest first and in a seeded order among equals, each to the fold that is smallest so far. Folds come out
/// nearly equal, and every element is in one.
public struct GroupedFolds: Sendable, Hashable {
    /// For each element its fold.
    public let folds: [Int]

    /// How many folds there are.
    public let count: Int

    /// Deals groups out.
    ///
    /// - Parameters:
    ///   - groups: each element's group.
    ///   - count: folds wanted; fewer where there are fewer groups.
    /// - Throws: `RecognitionError` (`invalidArgument`) for fewer than two folds or groups.
    public init(groups: [String], count: Int = 5, seed: UInt64 = 1) throws(RecognitionError) {
        var members: [String: [Int]] = [:]
        for (place, group) in groups.enumerated() { members[group, default: []].append(place) }
        guard count >= 2, members.count >= 2 else {
            throw RecognitionError(
                .invalidArgument,
                "cannot split \(members.count) groups into \(count) folds; at least two of both are needed")
        }
        var state = seed
        // The names' order comes first, so that the deal depends on nothing but groups and seed.
        let drawn = members.sorted { $0.key < $1.key }.map { (members: $0.value, draw: Self.next(&state)) }
        let dealt = drawn.sorted {
            $0.members.count != $1.members.count ? $0.members.count > $1.members.count : $0.draw < $1.draw
        }
        let count = min(count, members.count)
        var sizes = [Int](repeating: 0, count: count)
        var folds = [Int](repeating: 0, count: groups.count)
        for group in dealt {
            var fold = 0
            for other in sizes.indices where sizes[other] < sizes[fold] { fold = other }
            sizes[fold] += group.members.count
            for place in group.members { folds[place] = fold }
        }
        self.folds = folds
        self.count = count
    }

    /// The elements of a fold, and all others, ascending.
    public func split(_ fold: Int) -> (training: [Int], held: [Int]) {
        precondition((0..<count).contains(fold), "fold \(fold) of \(count)")
        return (folds.indices.filter { folds[$0] != fold }, folds.indices.filter { folds[$0] == fold })
    }

    /// SplitMix64.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
