import CairnCore
import CairnGeometry
import Foundation
import Testing

@testable import CairnFeatures

@Suite("Verifying a pair of photos")
struct PairVerifierTests {
    /// Features at random places with random descriptors, and the same seen through a similarity, less some and plus others.
    private func pair(
        shared: Int, strangers: Int, turn: Double = 0.3, zoom: Double = 1.4
    ) -> (LocalFeatures, LocalFeatures) {
        var random = SystemIndependentRandom(state: 99)
        let size = ImageSize(width: 1_000, height: 800)
        var (first, second) = (LocalFeatures(emptyFor: size), LocalFeatures(emptyFor: size))
        for index in 0..<(shared + strangers) {
            let (x, y) = (300 + 400 * random.next(), 250 + 300 * random.next())
            let (scale, angle) = (2 + 3 * random.next(), 6.28 * random.next())
            let descriptor = (0..<128).map { _ in UInt8(90 * random.next()) }
            append(x, y, scale, angle, descriptor, to: &first)
            if index < shared {
                let (dx, dy) = (x - 500, y - 400)
                append(
                    500 + zoom * (dx * cos(turn) - dy * sin(turn)),
                    400 + zoom * (dx * sin(turn) + dy * cos(turn)), scale * zoom, angle + turn,
                    descriptor.map { UInt8(max(0, min(255, Double($0) + 8 * random.next() - 4))) }, to: &second)
            } else {
                append(
                    1_000 * random.next(), 800 * random.next(), scale, angle,
                    (0..<128).map { _ in UInt8(90 * random.next()) }, to: &second)
            }
        }
        return (first, second)
    }

    private func append(
        _ x: Double, _ y: Double, _ scale: Double, _ angle: Double, _ descriptor: [UInt8],
        to features: inout LocalFeatures
    ) {
        features.x.append(Float(x))
        features.y.append(Float(y))
        features.scale.append(Float(scale))
        features.angle.append(Float(angle.truncatingRemainder(dividingBy: 2 * .pi)))
        features.descriptors += descriptor
    }

    @Test("what two photos share is found, and the model maps the one to the other")
    func sharedKeypoints() throws {
        let (first, second) = pair(shared: 60, strangers: 200)
        let outcome = try PairVerifier().verify(first, with: second)
        let evidence = try #require(outcome.evidence)
        #expect(evidence.score >= 57)
        #expect(evidence.inliers.allSatisfy { $0.query == $0.candidate })
        for line in evidence.lines {
            let projected = try #require(evidence.model.project(line.source))
            #expect(projected.squaredDistance(to: line.target) < 16)
        }
        #expect(evidence.sourceRegion.count >= 3)
    }

    @Test("strangers share nothing")
    func strangers() throws {
        let (first, second) = pair(shared: 0, strangers: 260)
        #expect(try PairVerifier().verify(first, with: second).evidence == nil)
    }

    @Test("a mirror image is refused")
    func mirrored() throws {
        let (first, second) = pair(shared: 80, strangers: 0)
        var mirror = second
        mirror.x = second.x.map { 1_000 - $0 }
        #expect(try PairVerifier().verify(first, with: second).evidence != nil)
        #expect(try PairVerifier().verify(first, with: mirror).evidence == nil)
    }

    @Test("guided matching finds pairs that the ratio test had to drop")
    func guidance() throws {
        // Every keypoint has a twin with almost the same descriptor at another place: ratios near one.
        var (first, second) = pair(shared: 80, strangers: 0)
        for index in 40..<80 {
            let source = (index - 40) * 128
            first.descriptors.replaceSubrange(
                (index * 128)..<((index + 1) * 128), with: first.descriptors[source..<(source + 128)])
            second.descriptors.replaceSubrange(
                (index * 128)..<((index + 1) * 128), with: second.descriptors[source..<(source + 128)])
        }
        // Leaves some keypoints without a twin, from which the model comes.
        let (extraFirst, extraSecond) = pair(shared: 30, strangers: 0, turn: 0.3, zoom: 1.4)
        func joined(_ a: LocalFeatures, _ b: LocalFeatures) -> LocalFeatures {
            LocalFeatures(
                imageSize: a.imageSize, x: a.x + b.x.map { $0 + 0.5 }, y: a.y + b.y, scale: a.scale + b.scale,
                angle: a.angle + b.angle, descriptors: a.descriptors + b.descriptors.reversed())
        }
        let (left, right) = (joined(first, extraFirst), joined(second, extraSecond))
        let plain = try PairVerifier(configuration: PairVerificationConfiguration(isGuided: false)).verify(
            left, with: right)
        let guided = try PairVerifier().verify(left, with: right)
        #expect((guided.evidence?.score ?? 0) > (plain.evidence?.score ?? 0) + 20)
    }

    /// The same keypoints as a network would give them: signed descriptors of 64 entries, neither scale nor direction.
    private func unoriented(_ features: LocalFeatures) -> LocalFeatures {
        var entries: [Float] = []
        for keypoint in 0..<features.count {
            let raw = (0..<64).map { Float(features.descriptors[keypoint * 128 + $0]) - 45 }
            let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            entries += raw.map { $0 / length }
        }
        return LocalFeatures(
            imageSize: features.imageSize, x: features.x, y: features.y, unitDescriptors: entries, entries: 64)
    }

    @Test("keypoints without scale and direction verify too, and agree with the same model")
    func unorientedKeypoints() throws {
        // A zoom of 1.4 and a turn of 2 radians, which the placeholders 1 and 0 would contradict.
        let (first, second) = pair(shared: 60, strangers: 100, turn: 2, zoom: 1.4)
        let (left, right) = (unoriented(first), unoriented(second))
        let geometry = KeypointGeometry(left)
        let some = [DescriptorMatch(query: 0, candidate: 0, distance: SquaredDistance(1), ratio: 0.5)]
        let places = geometry.correspondences(of: some, with: KeypointGeometry(right))
        #expect(places[0].rotation.isNaN && places[0].scaleRatio == 1)
        let outcome = try PairVerifier(configuration: .learned).verify(left, with: right)
        let evidence = try #require(outcome.evidence)
        #expect(evidence.score >= 57 && evidence.inliers.allSatisfy { $0.query == $0.candidate })
        #expect(
            try PairVerifier(configuration: .learned).verify(left, with: unoriented(pair(shared: 0, strangers: 160).1))
                .evidence == nil)
    }

    @Test("features of two kinds are not compared")
    func twoKinds() throws {
        let (first, second) = pair(shared: 60, strangers: 0)
        let other = unoriented(second)
        let error = #expect(throws: FeatureError.self) { try PairVerifier().verify(first, with: other) }
        #expect(error?.kind == .invalidArgument)
    }

    @Test("photos without keypoints share nothing")
    func empty() throws {
        let none = LocalFeatures(emptyFor: ImageSize(width: 10, height: 10))
        let (some, _) = pair(shared: 20, strangers: 0)
        #expect(try PairVerifier().verify(none, with: some).evidence == nil)
        #expect(try PairVerifier().verify(some, with: none).evidence == nil)
        #expect(try PairVerifier().verify(none, with: none).evidence == nil)
    }
}

/// Numbers in [0, 1) that are the same everywhere.
private struct SystemIndependentRandom {
    var state: UInt64

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(UInt64(1) << 53)
    }
}
