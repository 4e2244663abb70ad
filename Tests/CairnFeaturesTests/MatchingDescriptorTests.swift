import CKernels
import CairnCore
import Foundation
import Testing

@testable import CairnFeatures
@testable import CairnGeometry

@Suite("Descriptor matching")
struct MatchingDescriptorTests {
    static let instructionSets: [cairn_isa] = [.plain, .avx2, .avx512, .amx].filter { cairn_isa_available($0) }

    /// Rows that lie close together, so that tests of ratios have something to decide. Values up to `limit`.
    static func rows(_ count: Int, limit: UInt64 = 255, seed: UInt64) -> [UInt8] {
        var generator = SplitMix64(seed: seed)
        return (0..<count * 128).map { _ in UInt8(generator.next() % (limit + 1)) }
    }

    static func match(
        _ query: [UInt8], _ candidate: [UInt8], _ configuration: MatchingConfiguration = .standard,
        _ instructionSet: cairn_isa = .best
    ) -> [DescriptorMatch] {
        var workspace = MatchWorkspace()
        let packed = query.withUnsafeBytes { PackedDescriptors(bytes: $0) }
        let matcher = DescriptorMatcher(configuration: configuration, instructionSet: instructionSet)
        return candidate.withUnsafeBytes { matcher.match(query: packed, candidate: $0, workspace: &workspace) }
    }

    /// The same from the definition, with a table of all distances.
    static func naive(_ query: [UInt8], _ candidate: [UInt8], _ configuration: MatchingConfiguration)
        -> [DescriptorMatch]
    {
        let (n, m) = (query.count / 128, candidate.count / 128)
        let table = (0..<n).map { q in
            (0..<m).map { c in
                (0..<128).reduce(0) { sum, d in
                    let difference = Int(query[q * 128 + d]) - Int(candidate[c * 128 + d])
                    return sum + difference * difference
                }
            }
        }
        var matches: [DescriptorMatch] = []
        for q in 0..<n {
            guard let c = (0..<m).min(by: { (table[q][$0], $0) < (table[q][$1], $1) }) else { continue }
            let isNearestBothWays = (0..<n).allSatisfy { (table[q][c], q) <= (table[$0][c], $0) }
            if configuration.mutual && !isNearestBothWays { continue }
            let queryRival = (0..<m).filter { $0 != c }.map { table[q][$0] }.min()
            let candidateRival = (0..<n).filter { $0 != q }.map { table[$0][c] }.min()
            let rival: Int? =
                switch configuration.ratioSide {
                case .query: queryRival
                case .candidate: candidateRival
                case .both: [queryRival, candidateRival].compactMap { $0 }.min()
                }
            var ratio = 1.0
            if let rival, rival > 0 { ratio = min(1, (Double(table[q][c]) / Double(rival)).squareRoot()) }
            if configuration.ratio < 1 && ratio >= Double(configuration.ratio) { continue }
            matches.append(
                DescriptorMatch(
                    query: Int32(q), candidate: Int32(c), distance: SquaredDistance(Int32(table[q][c])),
                    ratio: Float(ratio)))
        }
        let sorted = matches.sorted {
            ($0.ratio, $0.distance, $0.query) < ($1.ratio, $1.distance, $1.query)
        }
        return Array(sorted.prefix(configuration.maximumMatches))
    }

    @Test("Every configuration agrees with its definition", arguments: instructionSets)
    func agreesWithDefinition(instructionSet: cairn_isa) {
        var seed: UInt64 = 0
        for side in MatchingConfiguration.RatioSide.allCases {
            for mutual in [true, false] {
                for ratio: Float in [0.97, 0.99, 1] {
                    var configuration = MatchingConfiguration()
                    (configuration.ratioSide, configuration.mutual, configuration.ratio) = (side, mutual, ratio)
                    seed += 1
                    let (query, candidate) = (Self.rows(37, seed: seed), Self.rows(51, seed: seed + 1_000))
                    let found = Self.match(query, candidate, configuration, instructionSet)
                    #expect(found == Self.naive(query, candidate, configuration))
                    #expect(!found.isEmpty, "the data decides nothing")
                }
            }
        }
    }

    @Test("Equal descriptors match their like, and fail the ratio test where there are two of them")
    func duplicates() {
        let one = Self.rows(3, seed: 1)
        #expect(Self.match(one, one).map { [$0.query, $0.candidate] } == [[0, 0], [1, 1], [2, 2]])
        #expect(Self.match(one, one).allSatisfy { $0.ratio == 0 && $0.distance == SquaredDistance(0) })
        #expect(Self.match(one, one + one).isEmpty)
        let mutual = Self.match(one, one + one, .mutualOnly)
        #expect(mutual.map { [$0.query, $0.candidate] } == [[0, 0], [1, 1], [2, 2]])
        #expect(mutual.allSatisfy { $0.ratio == 1 })
    }

    @Test("A lone candidate has no rival: it fails the ratio test, and passes where there is none")
    func loneCandidate() {
        let (query, candidate) = (Self.rows(4, seed: 2), Self.rows(1, seed: 3))
        #expect(Self.match(query, candidate).isEmpty)
        #expect(Self.match(query, candidate, .mutualOnly).count == 1)
        var configuration = MatchingConfiguration()
        configuration.ratioSide = .candidate
        #expect(Self.match(query, query.suffix(128), configuration).map(\.query) == [3])
    }

    @Test("Nothing on either side gives no matches")
    func empty() {
        let some = Self.rows(5, seed: 4)
        #expect(Self.match([], some).isEmpty)
        #expect(Self.match(some, []).isEmpty)
        #expect(Self.match([], []).isEmpty)
    }

    @Test("The number of matches can be limited to the best")
    func limit() {
        let (query, candidate) = (Self.rows(40, seed: 5), Self.rows(40, seed: 6))
        var configuration = MatchingConfiguration.mutualOnly
        let all = Self.match(query, candidate, configuration)
        configuration.maximumMatches = 3
        #expect(all.count > 3 && Self.match(query, candidate, configuration) == Array(all.prefix(3)))
    }

    @Test("A least cosine keeps the pairs whose vectors have it, by the definition")
    func minimumCosine() throws {
        var generator = SplitMix64(seed: 3)
        func unit(_ count: Int) -> [Float] {
            (0..<count).flatMap { _ in
                let raw = (0..<64).map { _ in Float(generator.next() >> 40) / Float(1 << 24) - 0.45 }
                let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return raw.map { $0 / length }
            }
        }
        let (a, b) = (unit(60), unit(60))
        // Each candidate is a mixture of its partner and something else.
        let mixed = (0..<60).flatMap { row in
            let raw = (0..<64).map { a[row * 64 + $0] + Float(row) / 40 * b[row * 64 + $0] }
            let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return raw.map { $0 / length }
        }
        let size = ImageSize(width: 100, height: 100)
        let zeros = [Float](repeating: 1, count: 60)
        let query = LocalFeatures(imageSize: size, x: zeros, y: zeros, unitDescriptors: a, entries: 64)
        let candidate = LocalFeatures(imageSize: size, x: zeros, y: zeros, unitDescriptors: mixed, entries: 64)
        let matches = DescriptorMatcher(configuration: .learned).match(query: query, candidate: candidate)
        let cosines = (0..<60).map { row in (0..<64).reduce(Float(0)) { $0 + a[row * 64 + $1] * mixed[row * 64 + $1] } }
        let found = Set(matches.filter { $0.query == $0.candidate }.map { Int($0.query) })
        // Quantisation decides what is within a hundredth of the limit.
        for row in 0..<60 where abs(cosines[row] - 0.8) > 0.01 {
            #expect(found.contains(row) == (cosines[row] > 0.8), "row \(row) of cosine \(cosines[row])")
        }
        #expect(found.count > 20 && found.count < 60)
    }

    @Test("One workspace serves pairs of any size one after another")
    func workspaceIsReused() {
        var workspace = MatchWorkspace()
        let matcher = DescriptorMatcher(configuration: .mutualOnly)
        for (n, m) in [(3, 90), (70, 2), (1, 1), (40, 40), (90, 120), (5, 5)] {
            let (query, candidate) = (Self.rows(n, seed: UInt64(n)), Self.rows(m, seed: UInt64(m + 500)))
            let packed = query.withUnsafeBytes { PackedDescriptors(bytes: $0) }
            let found = candidate.withUnsafeBytes { matcher.match(query: packed, candidate: $0, workspace: &workspace) }
            #expect(found == Self.naive(query, candidate, .mutualOnly))
        }
    }

    @Test("Matches become correspondences in the same order, with scale ratio and rotation in (-π, π]")
    func correspondences() {
        let source = KeypointGeometry(x: [1, 2, 3], y: [4, 5, 6], scale: [2, 4, 1], angle: [0.5, 6, 0])
        let target = KeypointGeometry(x: [10, 20, 30], y: [40, 50, 60], scale: [3, 1, 8], angle: [1.5, 0.25, .pi])
        let pairs: [(Int32, Int32)] = [(1, 1), (0, 0), (2, 2), (1, 0)]
        let matches = pairs.map { DescriptorMatch(query: $0, candidate: $1, distance: SquaredDistance(1), ratio: 0.5) }
        let list = source.correspondences(of: matches, with: target)
        #expect(list.map(\.source) == [1, 0, 2, 1].map { source.position($0) })
        #expect(list.map(\.target) == [1, 0, 2, 0].map { target.position($0) })
        #expect(list.map(\.scaleRatio) == [0.25, 1.5, 8, 0.75])
        let expected: [Float] = [0.25 - 6 + 2 * .pi, 1, .pi, 1.5 - 6 + 2 * .pi]
        for (found, wanted) in zip(list, expected) { #expect(abs(found.rotation - wanted) < 1e-5) }
        let back = target.correspondences(
            of: [matches[2]].map {
                DescriptorMatch(query: $0.candidate, candidate: $0.query, distance: $0.distance, ratio: $0.ratio)
            }, with: source)
        #expect(back[0].rotation == .pi, "half a turn back is half a turn")
    }

    @Test("A configuration is read from the settings that are given; unknown ones and impossible values are errors")
    func decoding() throws {
        func read(_ text: String) throws -> MatchingConfiguration {
            try JSONDecoder().decode(MatchingConfiguration.self, from: Data(text.utf8))
        }
        #expect(try read("{}") == .standard)
        let strict = try read(#"{"ratio": 0.75, "ratioSide": "both"}"#)
        #expect(strict == .strict)
        #expect(try JSONDecoder().decode(MatchingConfiguration.self, from: JSONEncoder().encode(strict)) == strict)
        #expect(throws: UnknownSettingError.self) { try read(#"{"ration": 0.75}"#) }
        #expect(throws: FeatureError.self) { try read(#"{"ratio": 0}"#) }
        let guided = try JSONDecoder().decode(GuidedMatchingConfiguration.self, from: Data(#"{"radius": 12}"#.utf8))
        #expect(guided == .wide)
        #expect(throws: FeatureError.self) {
            try JSONDecoder().decode(GuidedMatchingConfiguration.self, from: Data(#"{"radius": -1}"#.utf8))
        }
    }
}
