import Testing

@testable import CairnIndex

@Suite("Merge policy")
struct MergePolicyTests {
    private func states(_ counts: [Int]) -> [MergePolicy.FileState] { counts.map { .init(imageCount: $0) } }

    @Test("tiers begin at the powers of the fan-out")
    func tiers() {
        let policy = MergePolicy(fanOut: 8)
        let expected = [0: 0, 1: 0, 7: 0, 8: 1, 63: 1, 64: 2, 511: 2, 512: 3, 1_000_000: 6]
        for (count, tier) in expected { #expect(policy.tier(of: count) == tier) }
    }

    @Test("eight files of a tier are merged, seven are not, and others stay out of it")
    func fanOut() {
        let policy = MergePolicy()
        #expect(policy.nextMerge(of: states([1, 2, 3, 4, 5, 6, 7, 100])) == nil)
        #expect(policy.nextMerge(of: states([1, 2, 100, 3, 4, 5, 6, 7, 1])) == [0, 1, 3, 4, 5, 6, 7, 8])
        #expect(policy.nextMerge(of: []) == nil)
    }

    @Test("a file is rewritten once more than a fifth of it is removed")
    func removal() {
        let policy = MergePolicy()
        #expect(policy.nextMerge(of: [.init(imageCount: 100), .init(imageCount: 100, removedCount: 20)]) == nil)
        #expect(policy.nextMerge(of: [.init(imageCount: 100), .init(imageCount: 100, removedCount: 21)]) == [1])
        #expect(policy.nextMerge(of: [.init(imageCount: 1, removedCount: 1)]) == [0])
    }

    @Test(
        "adding ten thousand images in batches keeps files few and rewrites each image few times",
        arguments: [1, 7, 100])
    func growth(batch: Int) {
        let policy = MergePolicy()
        var files: [Int] = []
        var rewritten = 0
        var added = 0
        while added < 10_000 {
            files.append(batch)
            added += batch
            while let step = policy.nextMerge(of: states(files)) {
                #expect(step.count >= policy.fanOut)
                let size = step.reduce(0) { $0 + files[$1] }
                rewritten += size
                files = files.indices.filter { !step.contains($0) }.map { files[$0] } + [size]
            }
        }
        #expect(files.reduce(0, +) == added)
        #expect(files.count <= 7 * 5)
        #expect(rewritten <= 5 * added)
    }
}
