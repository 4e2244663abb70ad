import CairnCore
import Testing

@testable import CairnFeatures
@testable import CairnGeometry

@Suite("Guided matching")
struct MatchingGuidedTests {
    /// A rotation with some perspective; it keeps a 640 x 480 image on the visible side.
    static let model = Matrix3(0.9, -0.3, 120, 0.25, 1.05, -40, 0.0002, -0.0001, 1)

    struct Scene {
        var query: KeypointGeometry
        var candidate: KeypointGeometry
        var queryDescriptors: [UInt8]
        var candidateDescriptors: [UInt8]

        /// Keypoint i of the query reappears as keypoint i of the candidate, moved by at most `jitter` pixels, with
        /// noise in its descriptor. Descriptors come in `kinds` kinds, so that a ratio test over the whole image
        /// drops most of them.
        init(count: Int, kinds: Int, jitter: Double, seed: UInt64) {
            var generator = SplitMix64(seed: seed)
            func uniform(_ range: ClosedRange<Double>) -> Double {
                range.lowerBound + (range.upperBound - range.lowerBound) * Double(generator.next() >> 11) / 0x1p53
            }
            let prototypes = (0..<kinds).map { _ in (0..<128).map { _ in uniform(10...80) } }
            query = KeypointGeometry(x: [], y: [], scale: [], angle: [])
            candidate = query
            queryDescriptors = []
            candidateDescriptors = []
            for i in 0..<count {
                let place = PixelPoint(x: uniform(0...640), y: uniform(0...480))
                let moved = MatchingGuidedTests.model.project(place) ?? place
                query.append(place.x, place.y)
                candidate.append(moved.x + uniform(-jitter...jitter), moved.y + uniform(-jitter...jitter))
                queryDescriptors += prototypes[i % kinds].map { UInt8($0 + uniform(-5...5)) }
                candidateDescriptors += prototypes[i % kinds].map { UInt8($0 + uniform(-5...5)) }
            }
        }

        func match(_ configuration: GuidedMatchingConfiguration, model: Matrix3 = MatchingGuidedTests.model)
            -> [DescriptorMatch]
        {
            queryDescriptors.withUnsafeBytes { a in
                candidateDescriptors.withUnsafeBytes { b in
                    GuidedMatcher(configuration: configuration).match(
                        query: query, descriptors: a, candidate: candidate, descriptors: b, model: model)
                }
            }
        }

        func squaredDistance(_ q: Int, _ c: Int) -> Int {
            (0..<128).reduce(0) { sum, d in
                let difference = Int(queryDescriptors[q * 128 + d]) - Int(candidateDescriptors[c * 128 + d])
                return sum + difference * difference
            }
        }
    }

    @Test("Repeated structure is told apart by its place")
    func findsRepeatedStructure() {
        let scene = Scene(count: 300, kinds: 7, jitter: 1, seed: 1)
        let matches = scene.match(.standard)
        let right = matches.filter { $0.query == $0.candidate }.count
        #expect(right >= 280 && right == matches.count, "\(right) of \(matches.count) matches are right")
        #expect(
            Set(matches.map(\.query)).count == matches.count && Set(matches.map(\.candidate)).count == matches.count)
        #expect(zip(matches, matches.dropFirst()).allSatisfy { $0.distance <= $1.distance })
    }

    @Test("Without ratio test and limit it is the nearest within the radius, one-to-one, as looking at all pairs finds")
    func agreesWithAllPairs() {
        for (seed, radius) in [(UInt64(2), 3.0), (3, 20), (4, 90), (5, 2_000)] {
            let scene = Scene(count: 80, kinds: 80, jitter: 15, seed: seed)
            var configuration = GuidedMatchingConfiguration()
            (configuration.radius, configuration.maximumDistance, configuration.ratio) = (radius, 10, 1)
            var best: [Int: (query: Int, distance: Int)] = [:]
            for q in 0..<80 {
                guard let place = Self.model.project(scene.query.position(q)) else { continue }
                let near = (0..<80).filter {
                    scene.candidate.position($0).squaredDistance(to: place) <= radius * radius
                }
                guard let c = near.min(by: { scene.squaredDistance(q, $0) < scene.squaredDistance(q, $1) }) else {
                    continue
                }
                let distance = scene.squaredDistance(q, c)
                if let earlier = best[c], earlier.distance <= distance { continue }
                best[c] = (q, distance)
            }
            let found = scene.match(configuration)
            #expect(found.count == best.count)
            for match in found {
                let expected = best[Int(match.candidate)]
                #expect(expected?.query == Int(match.query) && expected?.distance == Int(match.distance.rawValue))
            }
        }
    }

    @Test("A rival at another place within the radius is tested, a second direction at the same place is not")
    func rivals() {
        var scene = Scene(count: 1, kinds: 1, jitter: 0, seed: 6)
        let (x, y) = (Double(scene.candidate.x[0]), Double(scene.candidate.y[0]))
        scene.candidateDescriptors += scene.candidateDescriptors
        var samePlace = scene
        samePlace.candidate.append(x, y)
        #expect(samePlace.match(.standard).map(\.ratio) == [0])
        var otherPlace = scene
        otherPlace.candidate.append(x + 2, y)
        #expect(otherPlace.match(.standard).isEmpty)
        var outside = scene
        outside.candidate.append(x + 7, y)
        #expect(outside.match(.standard).count == 1)
    }

    @Test("Descriptors too far apart do not match, nor do points beyond the horizon or far outside")
    func nothingToFind() {
        var scene = Scene(count: 20, kinds: 20, jitter: 0, seed: 7)
        #expect(scene.match(.standard).count == 20)
        #expect(scene.match(.standard, model: Self.model * -1).isEmpty)
        #expect(scene.match(.standard, model: Matrix3(1, 0, 1e300, 0, 1, 0, 0, 0, 1)).isEmpty)
        scene.candidateDescriptors = scene.candidateDescriptors.map { 255 - $0 }
        #expect(scene.match(.standard).isEmpty)
        let none = KeypointGeometry(x: [], y: [], scale: [], angle: [])
        (scene.candidate, scene.candidateDescriptors) = (none, [])
        #expect(scene.match(.standard).isEmpty)
    }
}

extension KeypointGeometry {
    fileprivate mutating func append(_ x: Double, _ y: Double) {
        self.x.append(Float(x))
        self.y.append(Float(y))
        scale.append(1)
        angle.append(0)
    }
}
