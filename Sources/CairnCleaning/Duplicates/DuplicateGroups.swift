import CairnCore

/// Pictures grouped with their duplicates.
///
/// Every member of a group is a duplicate of its *representative*, not just of some other member: pictures are taken in
/// the order in which they would rather be kept, and each that is in no group yet starts one with all those left that
/// match it. So a chain A–B–C, where A and C do not match, is the group of A and B, with C alone or with others, when A
/// is kept rather than B; and one group when B is. Nothing is ever given up for a picture that it does not match. Files
/// that are equal byte for byte count as one picture.
public struct DuplicateGroups: Sendable, Equatable {
    /// A picture that can be given up.
    public struct Member: Sendable, Equatable {
        /// Its number.
        public var row: Int

        /// Why it is a duplicate: what it has in common with `matched`.
        public var judgement: DuplicateJudgement

        /// The picture that `judgement` is about: the representative, or an exact copy of it or of this member; lower
        /// number first.
        public var matched: RowPair
    }

    /// A picture to keep, and its duplicates.
    public struct Group: Sendable, Equatable {
        /// The picture to keep.
        public var representative: Int

        /// The others, those that would rather be kept first.
        public var members: [Member]
    }

    /// Those with at least one duplicate, ordered by the lowest number in them.
    public let groups: [Group]

    /// The pairs that were proposed and are not the same picture, ascending, each with the reason.
    public let rejected: [Rejection]

    /// A pair that is not the same picture.
    public struct Rejection: Sendable, Equatable {
        /// The pictures.
        public var rows: RowPair

        /// Why.
        public var difference: DuplicateJudgement.Difference
    }

    /// How many pictures can be given up.
    public var duplicateCount: Int { groups.reduce(0) { $0 + $1.members.count } }

    /// Groups pictures. A pair that is given twice counts as it was given first.
    ///
    /// - Complexity: pictures and pairs, each times the logarithm of its number.
    /// - Throws: `CleaningError` for impossible criteria, a picture without pixels or with a date that is not finite, a
    ///   pair of pictures that there are not, and a similarity that is NaN or infinite; each named by its number.
    public init(
        images: [DuplicateImage], pairs: [DuplicatePair], criteria: DuplicateCriteria = .verified
    ) throws(CleaningError) {
        try criteria.check()
        try Self.check(images, pairs)
        let copies = ExactCopies(images: images, criteria: criteria)
        var links = [[(neighbor: Int, judgement: DuplicateJudgement, pair: RowPair)]](
            repeating: [], count: images.count)
        var rejected: [Rejection] = []
        var seen: Set<RowPair> = []
        for pair in pairs where seen.insert(pair.rows).inserted {
            let (first, second) = (pair.rows.first, pair.rows.second)
            switch criteria.judge(pair, first: images[first], second: images[second]) {
            case .exactCopy: continue
            case .different(let difference): rejected.append(Rejection(rows: pair.rows, difference: difference))
            case let judgement:
                let (left, right) = (copies.kept[first], copies.kept[second])
                links[left].append((right, judgement, pair.rows))
                links[right].append((left, judgement, pair.rows))
            }
        }
        let order = copies.originals.sorted { criteria.prefers($0, to: $1, among: images) }
        var isTaken = [Bool](repeating: false, count: images.count)
        var groups: [Group] = []
        for image in order where !isTaken[image] {
            isTaken[image] = true
            var members = copies.members(of: image)
            for (neighbor, judgement, pair) in links[image] where !isTaken[neighbor] {
                isTaken[neighbor] = true
                members.append(Member(row: neighbor, judgement: judgement, matched: pair))
                members += copies.members(of: neighbor)
            }
            guard !members.isEmpty else { continue }
            members.sort { criteria.prefers($0.row, to: $1.row, among: images) }
            groups.append(Group(representative: image, members: members))
        }
        func lowest(_ group: Group) -> Int {
            group.members.reduce(group.representative) { min($0, $1.row) }
        }
        self.groups = groups.sorted { lowest($0) < lowest($1) }
        self.rejected = rejected.sorted { $0.rows < $1.rows }
    }

    private static func check(_ images: [DuplicateImage], _ pairs: [DuplicatePair]) throws(CleaningError) {
        for (row, image) in images.enumerated() {
            guard image.size.width > 0, image.size.height > 0, image.byteCount >= 0, image.date?.isFinite != false
            else {
                throw CleaningError(
                    .invalidInput,
                    "picture \(row), \(image.path), has an impossible size, length or date: \(image.size), "
                        + "\(image.byteCount) bytes, \(image.date.map { "\($0)" } ?? "no date")")
            }
        }
        for pair in pairs {
            guard pair.rows.first >= 0, pair.rows.second < images.count else {
                throw CleaningError(
                    .invalidArgument,
                    "there is no pair of pictures \(pair.rows.first) and \(pair.rows.second): there are \(images.count)"
                )
            }
            guard pair.similarity?.isFinite != false else {
                throw CleaningError(
                    .invalidInput, "the similarity of pictures \(pair.rows.first) and \(pair.rows.second) is not finite"
                )
            }
        }
    }
}

/// Files that are equal byte for byte.
private struct ExactCopies {
    /// For each picture the one of its copies that is kept.
    let kept: [Int]

    /// The pictures that are kept of their copies, ascending.
    let originals: [Int]

    private var others: [Int: [Int]] = [:]

    init(images: [DuplicateImage], criteria: DuplicateCriteria) {
        var best: [String: Int] = [:]
        for (row, image) in images.enumerated() {
            guard let digest = image.digest else { continue }
            if let other = best[digest], !criteria.prefers(row, to: other, among: images) { continue }
            best[digest] = row
        }
        kept = images.enumerated().map { row, image in image.digest.flatMap { best[$0] } ?? row }
        originals = kept.indices.filter { [kept] in kept[$0] == $0 }
        for (row, original) in kept.enumerated() where row != original { others[original, default: []].append(row) }
    }

    /// The copies of a picture that is kept.
    func members(of original: Int) -> [DuplicateGroups.Member] {
        others[original, default: []].map {
            DuplicateGroups.Member(row: $0, judgement: .exactCopy, matched: RowPair($0, original))
        }
    }
}
