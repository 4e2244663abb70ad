import CairnCore
import CairnImaging
import Foundation
import Testing

@testable import CairnDatasets

/// Mean of all samples, 0 to 255.
private func mean(_ image: RGBImage) -> Double {
    Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
}

/// Means over a grid of `side` x `side` cells, all channels together, less their own mean.
private func coarse(_ image: RGBImage, side: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: side * side)
    var counts = [Double](repeating: 0, count: side * side)
    for y in 0..<image.height {
        for x in 0..<image.width {
            let cell = y * side / image.height * side + x * side / image.width
            for channel in 0..<3 { sums[cell] += Double(image.pixels[(y * image.width + x) * 3 + channel]) }
            counts[cell] += 3
        }
    }
    let means = zip(sums, counts).map { $0 / $1 }
    let middle = means.reduce(0, +) / Double(means.count)
    return means.map { $0 - middle }
}

private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    func dot(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).map(*).reduce(0, +) }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
}

private func town(_ difficulty: TownDifficulty, landmarks: Int = 12) throws -> SampleTown {
    try SampleTown(seed: 11, landmarks: landmarks, longSide: 192, difficulty: difficulty)
}

@Suite("The sample town")
struct SampleTownTests {
    @Test("the same seed and indices give the same bytes, in any order and from any thread")
    func determinism() async throws {
        let first = try town(.hard)
        let images = (0..<4).map { first.view(landmark: $0 / 2, index: $0 % 2).image }
        let again = try town(.hard)
        let parallel = await withTaskGroup(of: (Int, RGBImage).self) { group in
            for index in (0..<4).reversed() {
                group.addTask { (index, again.view(landmark: index / 2, index: index % 2).image) }
            }
            return await group.reduce(into: [Int: RGBImage]()) { $0[$1.0] = $1.1 }
        }
        for index in 0..<4 { #expect(parallel[index] == images[index], "view \(index)") }
        #expect(Set(images).count == 4)
        let painted = again.landmark(1)
        #expect(again.view(of: painted, index: 1).image == images[3], "a landmark that was kept")
        #expect(again.view(of: painted, index: 1).label == painted.label)
        let twin = again.view(lookAlike: 2)
        #expect(twin.label == nil && twin.kind == .lookAlike && twin.homography != nil)
        #expect(first.distractor(index: 3).image == again.distractor(index: 3).image)
    }

    @Test("another seed makes another town")
    func otherSeed() throws {
        let other = try SampleTown(seed: 12, landmarks: 12, longSide: 192, difficulty: .hard)
        let this = try town(.hard)
        #expect(this.view(landmark: 0, index: 0).image != other.view(landmark: 0, index: 0).image)
        #expect(this.label(of: 0) != other.label(of: 0))
    }

    @Test("5,000 landmarks have 5,000 names and all styles")
    func labels() throws {
        let large = try town(.easy, landmarks: 5_000)
        #expect(Set((0..<5_000).map { large.label(of: $0) }).count == 5_000)
        let styles = Set((0..<300).map { large.design(of: $0).style })
        #expect(styles.count == LandmarkDesign.Style.allCases.count)
        #expect(large.landmark(17).label == large.label(of: 17))
    }

    @Test("a look-alike has its landmark's shape and colours, but other pixels")
    func lookAlikes() throws {
        let small = try town(.clean)
        for index in 0..<5 {
            let original = small.landmark(index)
            let twin = small.lookAlike(index)
            try #require(original.facadeSize == twin.facadeSize)
            let a = original.facadeImage
            let b = twin.facadeImage
            let differing = zip(a.pixels, b.pixels).count { abs(Int($0) - Int($1)) > 12 }
            let share = Double(differing) / Double(a.pixels.count)
            #expect(share > 0.08, "only \(share) of the samples differ")
            let alike = correlation(coarse(a, side: 12), coarse(b, side: 12))
            #expect(alike > 0.75, "coarse structure correlates by \(alike)")
        }
    }

    @Test("different landmarks do not share their coarse structure")
    func differentLandmarks() throws {
        let small = try town(.clean)
        let coarseViews = (0..<6).map { coarse(small.landmark($0).facadeImage, side: 12) }
        var alike: [Double] = []
        for a in 0..<6 { for b in (a + 1)..<6 { alike.append(correlation(coarseViews[a], coarseViews[b])) } }
        #expect(alike.sorted()[alike.count / 2] < 0.75, "\(alike)")
    }

    @Test("brightness follows the time of day")
    func brightness() throws {
        func average(_ time: TimeOfDay) throws -> Double {
            var settings = TownDifficulty.clean
            settings.times = [time]
            let small = try town(settings)
            return (0..<4).map { mean(small.view(landmark: $0, index: 0).image) }.reduce(0, +) / 4
        }
        let noon = try average(.noon)
        let dusk = try average(.dusk)
        let night = try average(.night)
        #expect((110...210).contains(noon), "noon \(noon)")
        #expect((45...125).contains(dusk) && dusk < noon * 0.75, "dusk \(dusk)")
        #expect((15...70).contains(night) && night < dusk, "night \(night)")
    }

    @Test("windows shine at night")
    func litWindows() throws {
        var settings = TownDifficulty.clean
        settings.times = [.night]
        let small = try town(settings)
        let image = small.view(landmark: 0, index: 0).image
        let bright = stride(from: 0, to: image.pixels.count, by: 3).count { image.pixels[$0] > 150 }
        #expect(bright > 20, "\(bright) bright pixels")
    }

    @Test("distractors have no label, and show streets, parks, still lifes and patterns")
    func distractors() throws {
        let small = try town(.medium)
        let views = (0..<8).map { small.distractor(index: $0) }
        #expect(views.allSatisfy { $0.label == nil && $0.homography == nil && $0.pose == nil })
        #expect(Set(views.map(\.kind)) == [.street, .park, .stillLife, .abstract])
        #expect(Set(views.map(\.image)).count == 8)
    }

    @Test("settings survive JSON, and impossible ones are refused there too")
    func settings() throws {
        let small = try town(.hard)
        let json = try JSONEncoder().encode(small)
        #expect(try JSONDecoder().decode(SampleTown.self, from: json) == small)
        let broken = String(decoding: json, as: UTF8.self).replacingOccurrences(
            of: "\"landmarks\":12", with: "\"landmarks\":0")
        #expect(throws: DatasetError.self) { try JSONDecoder().decode(SampleTown.self, from: Data(broken.utf8)) }
    }

    @Test("impossible towns are refused with a reason")
    func refusals() {
        #expect(throws: DatasetError.self) { try SampleTown(landmarks: 0) }
        #expect(throws: DatasetError.self) { try SampleTown(landmarks: SampleTown.maximumLandmarks + 1) }
        #expect(throws: DatasetError.self) { try SampleTown(viewsPerLandmark: 0) }
        #expect(throws: DatasetError.self) { try SampleTown(longSide: 8) }
        var noTime = TownDifficulty.easy
        noTime.times = []
        #expect(throws: DatasetError.self) { try SampleTown(difficulty: noTime) }
    }
}
