import CairnCore
import CairnRecipes
import Testing

@testable import CairnTrainingData

@Suite struct EpochSamplerTests {
    /// Class `c` has `c + 1` photos; sizes alternate between three aspect ratios.
    static let photos: TrainingPhotoSet = {
        var photos: [TrainingPhoto] = []
        for label in 0..<12 {
            for number in 0...label {
                let width = [300, 400, 600][(label + number) % 3]
                photos.append(
                    TrainingPhoto(path: "\(label)/\(number)", label: label, size: ImageSize(width: width, height: 400)))
            }
        }
        // A literal of this file: it is well formed.
        guard let set = try? TrainingPhotoSet(photos: photos, classNames: (0..<12).map { "\($0)" }) else {
            preconditionFailure("test photos")
        }
        return set
    }()

    func sampler(
        _ kind: BatchSampler.Kind, batchSize: Int = 8, _ change: (inout BatchSampler) -> Void = { _ in }
    ) throws -> EpochSampler {
        var sampler = BatchSampler()
        sampler.kind = kind
        change(&sampler)
        return try EpochSampler(photos: Self.photos, sampler: sampler, batchSize: batchSize, seed: 5)
    }

    func rows(_ plan: EpochPlan) -> [Int] { plan.batches.flatMap { $0.photos.map(\.photo) } }

    @Test("shuffled: each photo once, another order each epoch, the same again for the same epoch")
    func shuffled() throws {
        let sampler = try sampler(.shuffled, batchSize: 6)
        let first = try sampler.plan(epoch: 1)
        #expect(Self.photos.count == 78 && first.batches.count == 13)
        #expect(rows(first).sorted() == Array(0..<78))
        #expect(rows(first) != Array(0..<78))
        #expect(rows(try sampler.plan(epoch: 2)) != rows(first))
        #expect(try sampler.plan(epoch: 1) == first)
        #expect(first.batches.flatMap { $0.photos.map(\.position) } == Array(0..<78))
    }

    @Test("a last batch that is not full is dropped, unless it is the only one")
    func incomplete() throws {
        let plan = try sampler(.shuffled, batchSize: 10).plan(epoch: 1)
        #expect(plan.batches.count == 7 && plan.batches.allSatisfy { $0.photos.count == 10 })
        let all = try sampler(.shuffled, batchSize: 100).plan(epoch: 1)
        #expect(all.batches.count == 1 && all.batches[0].photos.count == 78)
    }

    @Test("an epoch's size takes part of the photos, or all of them and some again")
    func epochSize() throws {
        let part = rows(try sampler(.shuffled) { $0.epochSize = 40 }.plan(epoch: 1))
        #expect(part.count == 40 && Set(part).count == 40)
        let more = rows(try sampler(.shuffled) { $0.epochSize = 160 }.plan(epoch: 1))
        #expect(more.count == 160 && Set(more).count == 78)
    }

    @Test("class balanced: classes differ by one photo at most, photos of a class by one turn at most")
    func balanced() throws {
        let drawn = rows(try sampler(.classBalanced) { $0.epochSize = 600 }.plan(epoch: 3))
        var ofClass = [Int](repeating: 0, count: 12)
        var ofPhoto = [Int](repeating: 0, count: 78)
        for row in drawn {
            ofClass[Self.photos[row].label] += 1
            ofPhoto[row] += 1
        }
        #expect(ofClass.allSatisfy { $0 == 50 })
        for rows in Self.photos.rowsByClass {
            let counts = rows.map { ofPhoto[$0] }
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        }
    }

    @Test("P x K: P different classes of K photos, different where the class has so many; classes take turns")
    func classesByPhotos() throws {
        let sampler = try sampler(.classesByPhotos) {
            ($0.classes, $0.photos, $0.epochSize) = (4, 3, 12 * 11)
        }
        let plan = try sampler.plan(epoch: 1)
        #expect(plan.batches.count == 11)
        var turns = [Int: Int]()
        for batch in plan.batches {
            let labels = batch.photos.map { Self.photos[$0.photo].label }
            #expect(Set(labels).count == 4)
            for start in stride(from: 0, to: 12, by: 3) {
                #expect(Set(labels[start..<start + 3]).count == 1)
                let rows = Set(batch.photos[start..<start + 3].map(\.photo))
                #expect(rows.count == min(3, Self.photos.rowsByClass[labels[start]].count))
                turns[labels[start], default: 0] += 1
            }
        }
        // The class of one photo is left out; 44 turns of 11 classes.
        #expect(turns[0] == nil && turns.count == 11)
        #expect((turns.values.max() ?? 0) - (turns.values.min() ?? 0) <= 2)
    }

    @Test("aspect groups: a batch has one shape, all but a remainder is used, order is random")
    func aspectGroups() throws {
        let plan = try sampler(.shuffled, batchSize: 5) { $0.groupsByAspect = true }.plan(epoch: 1)
        let mixed = plan.batches.filter { batch in
            Set(batch.photos.map { Self.photos.aspect(of: $0.photo) }).count > 1
        }
        // Only leftovers of three shapes can share batches.
        #expect(mixed.count <= 2)
        let rows = rows(plan)
        #expect(rows.count == 75 && Set(rows).count == 75)
        #expect(plan.batches.map(\.aspect) != plan.batches.map(\.aspect).sorted())
    }

    @Test("shards together are the batch, for any number of processes", arguments: [1, 2, 4])
    func shards(_ processes: Int) throws {
        let tuples = (0..<24).map { TrainingTuple(query: $0, positive: $0 + 1, negatives: [70 - $0, 71 - $0]) }
        let plans = [
            try sampler(.shuffled).plan(epoch: 2),
            try sampler(.classesByPhotos) { ($0.classes, $0.photos) = (6, 2) }.plan(epoch: 2),
            try sampler(.tuples, batchSize: 8).plan(epoch: 2, tuples: tuples),
        ]
        for plan in plans {
            let shards = try (0..<processes).map { try plan.shard(rank: $0, of: processes) }
            for (index, batch) in plan.batches.enumerated() {
                let parts = shards.map { $0.batches[index] }
                let union = parts.flatMap(\.photos).sorted { $0.position < $1.position }
                #expect(union == batch.photos)
                for part in parts {
                    #expect(part.global == batch.photos)
                    for tuple in part.tuples ?? [] {
                        #expect(
                            tuples.contains(
                                TrainingTuple(
                                    query: part.photos[tuple.query].photo, positive: part.photos[tuple.positive].photo,
                                    negatives: tuple.negatives.map { part.photos[$0].photo })))
                    }
                }
            }
        }
        let first = try plans[0].shard(rank: 0, of: processes).batches[0]
        #expect(first.photos.map(\.position) == Array(stride(from: 0, to: 8, by: processes)))
        let whole = try plans[1].shard(rank: processes - 1, of: processes).batches[0].photos
        // 6 classes divide by 1 and 2, and then stay whole.
        if processes < 4 {
            let counts = Dictionary(grouping: whole) { Self.photos[$0.photo].label }.values.map(\.count)
            #expect(counts.allSatisfy { $0 == 2 })
        }
    }

    @Test("tuples: batches of tuples in random order, with their rows")
    func tuples() throws {
        let tuples = (0..<9).map {
            TrainingTuple(query: $0, positive: $0 + 10, negatives: [$0 + 20, $0 + 30, $0 + 40])
        }
        let plan = try sampler(.tuples, batchSize: 4).plan(epoch: 1, tuples: tuples)
        #expect(plan.batches.count == 2)
        for batch in plan.batches {
            #expect(batch.photos.count == 20 && batch.tuples?.count == 4)
            for tuple in batch.tuples ?? [] {
                let query = batch.photos[tuple.query].photo
                #expect(batch.photos[tuple.positive].photo == query + 10)
                #expect(tuple.negatives.map { batch.photos[$0].photo } == [query + 20, query + 30, query + 40])
            }
        }
        #expect(plan.batches.flatMap { $0.photos.map(\.position) } == Array(0..<40))
    }

    @Test("what cannot make a batch is refused with a reason")
    func refusals() throws {
        #expect(throws: TrainingDataError.self) {
            try sampler(.classesByPhotos) { ($0.classes, $0.photos) = (13, 2) }
        }
        #expect(throws: TrainingDataError.self) { try sampler(.tuples) { $0.groupsByAspect = true } }
        #expect(throws: TrainingDataError.self) { try sampler(.tuples).plan(epoch: 1) }
        #expect(throws: TrainingDataError.self) {
            try sampler(.tuples).plan(epoch: 1, tuples: [TrainingTuple(query: 0, positive: 78, negatives: [])])
        }
        #expect(throws: TrainingDataError.self) {
            try sampler(.shuffled, batchSize: 2).plan(epoch: 1).shard(rank: 0, of: 3)
        }
        #expect(throws: TrainingDataError.self) {
            try TrainingPhotoSet(photos: [TrainingPhoto(path: "a", label: 1)], classNames: ["a"])
        }
        #expect(throws: TrainingDataError.self) { try TrainingPhotoSet(photos: [], classNames: []) }
    }
}
