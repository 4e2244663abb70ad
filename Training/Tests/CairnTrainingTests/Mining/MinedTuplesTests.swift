import CairnAlgebra
import CairnTrainingData
import Foundation
import Testing

@testable import CairnRecipes
@testable import CairnTraining

@Suite struct MinedTuplesTests {
    private func settings(
        queries: Int = 40, pool: Int = 150, negatives: Int = 5, positives: TupleMining.Positives = .random
    ) -> TupleMining {
        var settings = TupleMining()
        (settings.queries, settings.pool, settings.negatives, settings.positives) = (
            queries, pool, negatives, positives
        )
        return settings
    }

    /// 300 photos of 40 classes, of which some have a single photo.
    private let labels = (0..<300).map { $0 < 20 ? $0 + 20 : $0 * $0 % 20 }

    /// Directions around those of classes.
    private func vector(of photo: Int) -> [Float] {
        let values = (0..<8).map { column in
            Float(sin(Double(labels[photo] * 31 + column * 7)) + 0.7 * cos(Double(photo * 13 + column * 5)))
        }
        let length = values.map { $0 * $0 }.reduce(0, +).squareRoot()
        return values.map { $0 / length }
    }

    private func descriptors(_ photos: [Int], hiding hidden: Set<Int> = []) throws -> DescriptorMatrix {
        try DescriptorMatrix(
            rows: photos.map { hidden.contains($0) ? [Float](repeating: 0, count: 8) : vector(of: $0) })
    }

    private func similarity(_ a: Int, _ b: Int) -> Double {
        zip(vector(of: a), vector(of: b)).map { Double($0) * Double($1) }.reduce(0, +)
    }

    @Test(
        "A draw has different queries that have a match, a pool of different photos, and matches of the query's class")
    func draw() throws {
        let draw = try MiningDraw(labels: labels, settings: settings(), seed: 7, epoch: 2)
        #expect(Set(draw.queries).count == 40 && Set(draw.pool).count == 150 && draw.pool == draw.pool.sorted())
        for (query, positives) in zip(draw.queries, draw.positives) {
            #expect(positives.count == 1 && positives[0] != query && labels[positives[0]] == labels[query])
        }
        #expect(draw.photos == Set(draw.queries + draw.pool + draw.positives.flatMap { $0 }).sorted())
        let all = try MiningDraw(labels: labels, settings: settings(queries: 1000, pool: 1000), seed: 7, epoch: 2)
        #expect(all.pool == Array(0..<300))
        #expect(
            all.queries.sorted() == labels.indices.filter { photo in labels.filter { $0 == labels[photo] }.count > 1 })
    }

    @Test("A draw is a function of seed and epoch")
    func determinism() throws {
        func draw(_ seed: UInt64, _ epoch: Int) throws -> MiningDraw {
            try MiningDraw(labels: labels, settings: settings(), seed: seed, epoch: epoch)
        }
        #expect(try draw(7, 1) == draw(7, 1))
        #expect(try draw(7, 1).queries != draw(7, 2).queries)
        #expect(try draw(7, 1).pool != draw(8, 1).pool)
    }

    @Test(
        "Hard photos are those that brute force finds: nearest first, of other classes, one a class at most",
        arguments: [(1, 150), (5, 150), (5, 12), (19, 300), (60, 300)])
    func bruteForce(negatives: Int, pool: Int) throws {
        let settings = settings(pool: pool, negatives: negatives)
        let draw = try MiningDraw(labels: labels, settings: settings, seed: 3, epoch: 1)
        let mined = try MinedTuples(draw, descriptors: descriptors(draw.photos), labels: labels, negatives: negatives)
        #expect(mined.tuples.count == 40 && mined.leftOut == 0)
        for (place, tuple) in mined.tuples.enumerated() {
            #expect(tuple.query == draw.queries[place] && tuple.positive == draw.positives[place][0])
            var classes: Set<Int> = [labels[tuple.query]]
            var expected: [Int] = []
            for photo in draw.pool.sorted(by: { similarity(tuple.query, $0) > similarity(tuple.query, $1) })
            where expected.count < negatives && classes.insert(labels[photo]).inserted {
                expected.append(photo)
            }
            #expect(tuple.negatives == expected)
        }
        let cosines = mined.tuples.flatMap { tuple in tuple.negatives.map { similarity(tuple.query, $0) } }
        #expect(abs(mined.meanNegativeSimilarity - cosines.reduce(0, +) / Double(cosines.count)) < 1e-6)
        let matches = mined.tuples.map { similarity($0.query, $0.positive) }
        #expect(abs(mined.meanPositiveSimilarity - matches.reduce(0, +) / Double(matches.count)) < 1e-6)
    }

    @Test("The hardest match is the farthest of the query's class")
    func hardestPositives() throws {
        let draw = try MiningDraw(labels: labels, settings: settings(positives: .hardest), seed: 3, epoch: 1)
        let mined = try MinedTuples(draw, descriptors: descriptors(draw.photos), labels: labels, negatives: 2)
        for tuple in mined.tuples {
            let others = labels.indices.filter { $0 != tuple.query && labels[$0] == labels[tuple.query] }
            #expect(tuple.positive == others.min { similarity(tuple.query, $0) < similarity(tuple.query, $1) })
        }
    }

    @Test("Photos that could not be described are in no tuple")
    func unreadable() throws {
        let draw = try MiningDraw(labels: labels, settings: settings(), seed: 3, epoch: 1)
        let hidden = Set([draw.queries[0], draw.positives[1][0]] + draw.pool.prefix(30))
        let mined = try MinedTuples(
            draw, descriptors: descriptors(draw.photos, hiding: hidden), labels: labels, negatives: 5)
        #expect(mined.leftOut >= 2 && mined.tuples.count + mined.leftOut == 40)
        for tuple in mined.tuples {
            #expect(hidden.isDisjoint(with: [tuple.query, tuple.positive] + tuple.negatives))
            #expect(tuple.negatives.count == 5)
        }
        #expect(throws: TrainingError.self) {
            try MinedTuples(
                draw, descriptors: descriptors(draw.photos, hiding: Set(draw.photos)), labels: labels, negatives: 5)
        }
        #expect(throws: TrainingError.self) {
            try MinedTuples(draw, descriptors: descriptors([1, 2]), labels: labels, negatives: 5)
        }
    }

    @Test("Photos of one class, or of classes of one photo, cannot be mined")
    func nothingToMine() {
        #expect(throws: TrainingError.self) {
            try MiningDraw(labels: [4, 4, 4], settings: settings(), seed: 1, epoch: 1)
        }
        #expect(throws: TrainingError.self) {
            try MiningDraw(labels: [1, 2, 3], settings: settings(), seed: 1, epoch: 1)
        }
        #expect(throws: TrainingError.self) { try MiningDraw(labels: [], settings: settings(), seed: 1, epoch: 1) }
    }
}
