import ArgumentParser
import Cairn
import CairnDatasets
import CairnFeatures
import CairnImaging

/// Writes two pair sets of rendered views: one of true pairs, one in which 1 of 10 is true, as on a shortlist.
struct PairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs", abstract: "Write pairs of town views with their features and homographies.")

    @Argument var truePath: String
    @Argument var mixedPath: String
    @Option var landmarks = 12

    func run() throws {
        let town = try SampleTown(
            seed: 11, landmarks: landmarks, viewsPerLandmark: 4, lookAlikes: landmarks, distractors: 2 * landmarks,
            longSide: 1_024, difficulty: .medium)
        let extractor = SIFTExtractor(configuration: .standard)
        var truePairs = PairSet()
        // Views of landmark l are images 4 l to 4 l + 3; look-alikes and distractors follow.
        for index in 0..<landmarks {
            let landmark = town.landmark(index)
            let views = (0..<4).map { town.view(of: landmark, index: $0) }
            truePairs.images += views.map { extractor.features(of: $0.image.luma()) }
            for other in 1..<4 {
                guard let first = views[0].homography?.inverse, let second = views[other].homography else { continue }
                truePairs.pairs.append(
                    PairSet.Pair(
                        first: 4 * index, second: 4 * index + other, isTrue: true,
                        homography: second.after(first).elements))
            }
        }
        try truePairs.write(to: truePath)

        var mixed = PairSet()
        mixed.images = truePairs.images
        for index in 0..<landmarks {
            mixed.images.append(extractor.features(of: town.view(lookAlike: index).image.luma()))
        }
        for index in 0..<2 * landmarks {
            mixed.images.append(extractor.features(of: town.distractor(index: index).image.luma()))
        }
        var generator = SeededGenerator(seed: 3)
        for index in 0..<landmarks {
            guard let pair = truePairs.pairs.first(where: { $0.first == 4 * index }) else { continue }
            mixed.pairs.append(pair)
            let others = mixed.images.indices.filter { $0 / 4 != index }.shuffled(using: &generator)
            mixed.pairs += others.prefix(9).map { PairSet.Pair(first: 4 * index, second: $0, isTrue: false) }
        }
        try mixed.write(to: mixedPath)
        let counts = mixed.images.map { Double($0.count) }
        try Measurement.report([
            "images": Double(mixed.images.count), "keypoints": counts.reduce(0, +) / Double(counts.count),
        ])
    }
}

/// Writes a pair set of a collection's images, with the features that the collection has of them.
struct CollectionPairsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collection-pairs", abstract: "Write random pairs of a collection's images.")

    @Argument var collection: String
    @Argument var path: String
    @Option var pairs = 100

    func run() throws {
        let snapshot = try ImageCollection.open(at: collection).snapshot()
        var set = PairSet()
        try snapshot.forEachImage { image in
            let record = try snapshot.record(of: image)
            if let features = try record?.withUnsafeBytes({ try LocalFeatures(record: $0) }) {
                set.images.append(features)
            }
        }
        guard set.images.count >= 2 else { throw BenchmarkError("\(collection) has fewer than two images") }
        var generator = SeededGenerator(seed: 5)
        while set.pairs.count < pairs {
            let pair = (0..<2).map { _ in Int.random(in: 0..<set.images.count, using: &generator) }
            if pair[0] != pair[1] { set.pairs.append(PairSet.Pair(first: pair[0], second: pair[1], isTrue: false)) }
        }
        try set.write(to: path)
        try Measurement.report(["images": set.images.count])
    }
}
