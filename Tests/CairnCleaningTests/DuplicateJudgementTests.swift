import CairnCore
import Foundation
import Testing

@testable import CairnCleaning

@Suite("Judging near-duplicates")
struct DuplicateJudgementTests {
    private let size = ImageSize(width: 800, height: 600)

    private func image(_ size: ImageSize) -> DuplicateImage { DuplicateImage(size: size, byteCount: 1, path: "p") }

    /// A regular grid of inliers over a part of the first picture, given in shares of its sides.
    private func grid(_ x: ClosedRange<Double>, _ y: ClosedRange<Double>, per side: Int = 12) -> [PixelPoint] {
        (0..<side * side).map { cell in
            let (u, v) = (Double(cell % side) + 0.5, Double(cell / side) + 0.5)
            return PixelPoint(
                x: (x.lowerBound + u / Double(side) * (x.upperBound - x.lowerBound)) * 800,
                y: (y.lowerBound + v / Double(side) * (y.upperBound - y.lowerBound)) * 600)
        }
    }

    private func judge(
        _ homography: [Double], second: ImageSize? = nil, inliers: [PixelPoint]? = nil, matches: Int = 200,
        similarity: Double? = 0.9, criteria: DuplicateCriteria = .verified
    ) -> DuplicateJudgement {
        let geometry = PairGeometry(homography: homography, inliers: inliers ?? grid(0...1, 0...1), matchCount: matches)
        return criteria.judge(
            DuplicatePair(rows: RowPair(0, 1), similarity: similarity, geometry: geometry), first: image(size),
            second: image(second ?? size))
    }

    private func overlap(_ judgement: DuplicateJudgement) throws -> PictureOverlap {
        guard case .samePicture(let overlap, _) = judgement else {
            Issue.record("not the same picture: \(judgement)")
            throw CleaningError(.failure, "no overlap")
        }
        return overlap
    }

    @Test("a picture resized, encoded again, turned or mirrored is the same")
    func resized() throws {
        let half = try overlap(judge([0.5, 0, 0, 0, 0.5, 0, 0, 0, 1], second: ImageSize(width: 400, height: 300)))
        #expect(abs(half.scale - 0.5) < 1e-9 && abs(half.rotation) < 1e-9 && !half.isMirrored)
        #expect(abs(half.firstShare - 1) < 1e-9 && abs(half.secondShare - 1) < 1e-9)
        #expect(half.distortion < 1e-9 && half.coverage == 1 && half.inlierShare == 0.72)
        // A quarter turn clockwise: (x, y) goes to (600 - y, x).
        let turned = try overlap(judge([0, -1, 600, 1, 0, 0, 0, 0, 1], second: ImageSize(width: 600, height: 800)))
        #expect(abs(turned.rotation - 90) < 1e-9 && abs(turned.scale - 1) < 1e-9)
        let mirrored = try overlap(judge([-1, 0, 800, 0, 1, 0, 0, 0, 1]))
        #expect(mirrored.isMirrored && mirrored.distortion < 1e-9)
        // The same homography times any number is the same homography.
        #expect(abs(try overlap(judge([-3, 0, 0, 0, -3, 0, 0, 0, -3])).scale - 1) < 1e-12)
    }

    @Test("a crop is the same picture, in either direction")
    func cropped() throws {
        // The second shows the middle 400 x 300 of the first.
        let crop = try overlap(
            judge(
                [1, 0, -200, 0, 1, -150, 0, 0, 1], second: ImageSize(width: 400, height: 300),
                inliers: grid(0.25...0.75, 0.25...0.75)))
        #expect(abs(crop.firstShare - 0.25) < 1e-9 && abs(crop.secondShare - 1) < 1e-9 && crop.coverage == 1)
        // The second is a larger scene around the first.
        let around = try overlap(judge([1, 0, 200, 0, 1, 150, 0, 0, 1], second: ImageSize(width: 1600, height: 1200)))
        #expect(abs(around.firstShare - 1) < 1e-9 && abs(around.secondShare - 0.25) < 1e-9)
        // A stamp cut out of it is a picture of its own.
        let stamp = judge(
            [1, 0, -100, 0, 1, -100, 0, 0, 1], second: ImageSize(width: 100, height: 100),
            inliers: grid(0.13...0.24, 0.17...0.32))
        guard case .different(.smallCrop) = stamp else {
            Issue.record("\(stamp)")
            return
        }
    }

    @Test("another view of the same place is not: perspective, stretch, or each showing something of its own")
    func otherViews() {
        let perspective = judge([0.9, 0.02, 30, 0.03, 0.95, 10, 0.0002, 0.00005, 1])
        guard case .different(.distorted(let overlap)) = perspective, overlap.distortion > 0.02 else {
            Issue.record("\(perspective)")
            return
        }
        let stretched = judge([0.8, 0, 0, 0, 1, 0, 0, 0, 1], second: ImageSize(width: 640, height: 600))
        guard case .different(.distorted) = stretched else {
            Issue.record("\(stretched)")
            return
        }
        let panned = judge([1, 0, -160, 0, 1, 0, 0, 0, 1])
        guard case .different(.partialOverlap(let part)) = panned else {
            Issue.record("\(panned)")
            return
        }
        #expect(abs(part.firstShare - 0.8) < 1e-9 && abs(part.secondShare - 0.8) < 1e-9)
    }

    @Test("a logo that two pictures share does not make them the same")
    func logo() {
        let logo = judge([1, 0, 0, 0, 1, 0, 0, 0, 1], inliers: grid(0.8...1, 0.9...1))
        guard case .different(.lowCoverage(let overlap)) = logo, overlap.coverage <= 0.1 else {
            Issue.record("\(logo)")
            return
        }
        let lost = judge([1, 0, 0, 0, 1, 0, 0, 0, 1], matches: 1000)
        guard case .different(.lowInlierShare) = lost else {
            Issue.record("\(lost)")
            return
        }
        let few = judge([1, 0, 0, 0, 1, 0, 0, 0, 1], inliers: grid(0...1, 0...1, per: 5))
        guard case .different(.fewInliers) = few else {
            Issue.record("\(few)")
            return
        }
    }

    @Test("what makes no sense is no evidence")
    func nonsense() {
        let maps: [[Double]] = [
            [], [1, 0, 0], [.nan, 0, 0, 0, 1, 0, 0, 0, 1], [Double](repeating: 0, count: 9),
            [1, 0, 0, 1, 0, 0, 0, 0, 1],
            // The horizon runs through the picture.
            [1, 0, 0, 0, 1, 0, 0.01, 0, -4],
            // Somewhere else altogether.
            [1, 0, 5000, 0, 1, 0, 0, 0, 1],
        ]
        for map in maps { #expect(judge(map) == .different(.impossibleGeometry)) }
    }

    @Test("without geometry descriptors decide, where that is allowed")
    func withoutGeometry() {
        let pair = DuplicatePair(rows: RowPair(0, 1), similarity: 0.97)
        let (first, second) = (image(size), image(size))
        #expect(DuplicateCriteria.verified.judge(pair, first: first, second: second) == .different(.unverified))
        #expect(DuplicateCriteria.descriptorsOnly.judge(pair, first: first, second: second) == .similar(0.97))
        let far = DuplicatePair(rows: RowPair(0, 1), similarity: 0.5)
        #expect(DuplicateCriteria.verified.judge(far, first: first, second: second) == .different(.dissimilar(0.5)))
        let nothing = DuplicatePair(rows: RowPair(0, 1))
        #expect(
            DuplicateCriteria.descriptorsOnly.judge(nothing, first: first, second: second) == .different(.unverified))
    }
}
