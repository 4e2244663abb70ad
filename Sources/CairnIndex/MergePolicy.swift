/// Decides which files of an inverted index to merge, so that adding a batch at a time costs little and files stay few.
///
/// Files are in tiers by their live images: tier `t` has from `fanOut^t` to below `fanOut^(t + 1)`. Once a tier has
/// `fanOut` files, they become one, of a higher tier. So an image is rewritten once a tier, and a million images lie
/// in at most `(fanOut - 1) * 7` files with the default.
public struct MergePolicy: Sendable, Hashable {
    /// Files of one tier that are merged into one. At least 2.
    public let fanOut: Int

    /// A file is rewritten once more than this fraction of its images is removed.
    public let removedFraction: Double

    /// Makes a policy.
    public init(fanOut: Int = 8, removedFraction: Double = 0.2) {
        precondition(fanOut >= 2 && removedFraction >= 0, "fan-out \(fanOut), removed fraction \(removedFraction)")
        self.fanOut = fanOut
        self.removedFraction = removedFraction
    }

    /// What the policy needs to know of a file.
    public struct FileState: Sendable, Hashable {
        /// All images in the file.
        public var imageCount: Int

        /// Those of them that are removed.
        public var removedCount: Int

        /// Describes a file.
        public init(imageCount: Int, removedCount: Int = 0) {
            self.imageCount = imageCount
            self.removedCount = removedCount
        }

        /// Images that can still be found.
        public var liveCount: Int { max(0, imageCount - removedCount) }
    }

    /// The next files to merge into one, or `nil` when all is well.
    ///
    /// Ask again after each merge. Merging a single file means to rewrite it without its removed images.
    ///
    /// - Returns: Ascending positions in `files`.
    public func nextMerge(of files: [FileState]) -> [Int]? {
        let tiers = files.map { tier(of: $0.liveCount) }
        for tier in Set(tiers).sorted() {
            let members = tiers.indices.filter { tiers[$0] == tier }
            if members.count >= fanOut { return members }
        }
        return files.firstIndex {
            Double($0.removedCount) > removedFraction * Double($0.imageCount)
        }.map { [$0] }
    }

    /// The tier of a file with so many live images; an empty one is in the lowest.
    func tier(of liveCount: Int) -> Int {
        var (tier, size) = (0, liveCount)
        while size >= fanOut {
            size /= fanOut
            tier += 1
        }
        return tier
    }
}
