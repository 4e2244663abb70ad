import Testing

@testable import CairnFeatures

/// What OpenCV 4.10 finds with `BFMatcher(NORM_L2)`. The numbers below were printed by this script:
///
///     import cv2, numpy as np
///     state = 2024
///     def byte():
///         global state
///         state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
///         return state >> 56
///     query = [[byte() >> 1 for _ in range(128)] for _ in range(40)]
///     def noisy(row, size):
///         return [min(255, max(0, v + byte() % (2 * size + 1) - size)) for v in row]
///     candidate = [noisy(query[j * 7 % 25], 20 + 8 * (j % 4)) for j in range(50)]
///     q, c = np.float32(query), np.float32(candidate)
///     forward, backward = (cv2.BFMatcher(cv2.NORM_L2).knnMatch(a, b, k=2) for a, b in ((q, c), (c, q)))
///     for side in "query", "candidate", "both":
///         kept = []
///         for m, n in forward:
///             back, rival = backward[m.trainIdx]
///             if back.trainIdx != m.queryIdx: continue
///             ratios = {"query": m.distance / n.distance, "candidate": back.distance / rival.distance}
///             ratio = ratios.get(side, max(ratios.values()))
///             if ratio < 0.8: kept.append((ratio, m.queryIdx, m.trainIdx, round(m.distance ** 2)))
///         print(side, [k[1:] for k in sorted(kept)])
@Suite("Matching against OpenCV")
struct MatchingGoldenTests {
    /// (query, candidate, squared distance), the lowest ratio first. With these descriptors `both` gives the same.
    static let query: [[Int32]] = [
        [8, 44, 16649], [21, 28, 16846], [2, 36, 16519], [24, 32, 16927], [5, 40, 18698], [11, 48, 19987],
        [7, 1, 25358], [6, 8, 15798], [13, 9, 29578], [3, 4, 15318], [9, 12, 16552], [10, 5, 28777], [18, 24, 18954],
        [12, 16, 20323], [22, 21, 34224], [0, 0, 16714], [23, 14, 43539],
    ]

    static let candidate: [[Int32]] = [
        [3, 4, 15318], [9, 12, 16552], [0, 0, 16714], [5, 40, 18698], [24, 32, 16927], [6, 8, 15798], [15, 20, 18048],
        [21, 28, 16846], [18, 24, 18954], [12, 16, 20323], [8, 44, 16649], [2, 36, 16519], [11, 48, 19987],
        [7, 1, 25358], [10, 5, 28777], [13, 9, 29578], [19, 17, 32628], [16, 13, 32194], [22, 21, 34224],
        [23, 14, 43539], [14, 2, 49428], [4, 22, 51347], [17, 6, 50198], [20, 10, 54298], [1, 18, 59942],
    ]

    static let descriptors: (query: [UInt8], candidate: [UInt8]) = {
        var state: UInt64 = 2024
        func byte() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 56)
        }
        let query = (0..<40 * 128).map { _ in byte() >> 1 }
        let candidate = (0..<50).flatMap { j in
            let size = 20 + 8 * (j % 4)
            return (0..<128).map { d in
                min(255, max(0, query[j * 7 % 25 * 128 + d] + byte() % (2 * size + 1) - size))
            }
        }
        return (query.map(UInt8.init), candidate.map(UInt8.init))
    }()

    @Test(
        "Mutual matches that pass the ratio test are OpenCV's, in the same order",
        arguments: MatchingConfiguration.RatioSide.allCases)
    func agreesWithOpenCV(side: MatchingConfiguration.RatioSide) {
        var configuration = MatchingConfiguration()
        configuration.ratioSide = side
        let matcher = DescriptorMatcher(configuration: configuration)
        var workspace = MatchWorkspace()
        let packed = Self.descriptors.query.withUnsafeBytes { PackedDescriptors(bytes: $0) }
        let matches = Self.descriptors.candidate.withUnsafeBytes {
            matcher.match(query: packed, candidate: $0, workspace: &workspace)
        }
        let expected = side == .candidate ? Self.candidate : Self.query
        #expect(matches.map { [$0.query, $0.candidate, $0.distance.rawValue] } == expected)
    }
}
