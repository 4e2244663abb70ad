import CairnCore
import CairnImaging
import CairnRecipes
import Foundation
import Testing

@testable import CairnTrainingData

@Suite struct BatchLoaderTests {
    let folder: PhotoFolder
    let photos: TrainingPhotoSet

    init() throws {
        folder = try PhotoFolder()
        photos = try folder.photos(classes: 4, perClass: 4)
    }

    /// Everything that changes photos at once.
    var hard: [Augmentation] {
        [
            .randomResizedCrop, .horizontalFlip, .jpegCompression, .shiftScaleRotate, .cutout, .colorJitter, .grayscale,
            .blur,
        ]
        .map { Augmentation(standard: $0) }
    }

    func plan(batchSize: Int = 4, epoch: Int = 1, photos: TrainingPhotoSet? = nil) throws -> EpochPlan {
        try EpochSampler(photos: photos ?? self.photos, sampler: BatchSampler(), batchSize: batchSize, seed: 3)
            .plan(epoch: epoch)
    }

    func batches(
        _ plan: EpochPlan, _ settings: BatchSettings, workers: Int = 2, from first: Int = 0,
        photos: TrainingPhotoSet? = nil
    ) throws -> [TrainingBatch] {
        let loader = try BatchLoader(
            photos: photos ?? self.photos, plan: plan, settings: settings,
            configuration: LoaderConfiguration(workers: workers), firstBatch: first)
        var batches: [TrainingBatch] = []
        while let batch = try loader.next() { batches.append(batch) }
        return batches
    }

    func same(_ left: TrainingBatch, _ right: TrainingBatch) -> Bool {
        bytes(left.images) == bytes(right.images) && left.labels == right.labels && left.weights == right.weights
            && left.photos == right.photos && left.index == right.index
            && bytes(left.mixed?.images ?? []) == bytes(right.mixed?.images ?? [])
            && left.mixed?.second == right.mixed?.second && left.mixed?.share == right.mixed?.share
    }

    @Test("batches are the same bytes, in order, for any number of workers", arguments: ImageMixing.Kind.both)
    func workers(_ kind: ImageMixing.Kind) throws {
        let settings = BatchSettings(size: 32, augmentation: hard, mixing: ImageMixing(standard: kind), seed: 7)
        let plan = try plan()
        let one = try batches(plan, settings, workers: 1)
        let three = try batches(plan, settings, workers: 3)
        #expect(one.map(\.index) == [0, 1, 2, 3] && three.count == 4)
        #expect(zip(one, three).allSatisfy { same($0, $1) })
        for batch in one {
            #expect(batch.labels == batch.photos.map { photos[$0].label })
            #expect(batch.weights == batch.photos.map { photos[$0].weight })
        }
        let other = try batches(self.plan(epoch: 2), settings)
        #expect(!same(one[0], other[0]))
    }

    @Test("loading may begin at any batch: what follows is what an uninterrupted epoch has")
    func resume() throws {
        let settings = BatchSettings(
            size: 32, augmentation: hard, mixing: ImageMixing(standard: .cornerCutmix), seed: 7)
        let whole = try batches(plan(), settings)
        let rest = try batches(plan(), settings, from: 2)
        #expect(rest.count == 2 && same(rest[0], whole[2]) && same(rest[1], whole[3]))
        #expect(try batches(plan(), settings, from: 4).isEmpty)
    }

    @Test("two processes' photos together are one process', plain and mixed")
    func shards() throws {
        let settings = BatchSettings(
            size: 32, augmentation: hard, mixing: ImageMixing(standard: .cornerCutmix), seed: 7)
        let plan = try plan()
        let whole = try batches(plan, settings)
        let parts = try (0..<2).map { try batches(plan.shard(rank: $0, of: 2), settings) }
        for (index, batch) in whole.enumerated() {
            for row in 0..<4 {
                let part = parts[row % 2][index]
                #expect(part.images[0].image(at: row / 2) == batch.images[0].image(at: row))
                let mixed = try #require(batch.mixed)
                let mixedPart = try #require(part.mixed)
                #expect(mixedPart.images[0].image(at: row / 2) == mixed.images[0].image(at: row))
                #expect(mixedPart.second[row / 2] == mixed.second[row])
            }
        }
    }

    @Test("without augmentation a photo is its own decoding at the size; long sides give blocks of their own")
    func shapes() throws {
        let square = try batches(plan(), BatchSettings(size: 24, seed: 1))[0]
        #expect(square.images.count == 1 && square.images[0].count == 4)
        for (row, photo) in square.photos.enumerated() {
            let expected = try ImageDecoder().rgb(contentsOf: photos[photo].path).resized(
                to: ImageSize(width: 24, height: 24))
            // Photos are decoded at a reduced size first, which is another low-pass than the resize's own.
            #expect(difference(square.images[0].image(at: row).pixels, expected.pixels).mean < 3)
        }
        let long = try batches(plan(), BatchSettings(size: 40, shape: .longSide, seed: 1))[0]
        #expect(long.images.count == 4)
        for (block, photo) in zip(long.images, long.photos) {
            let size = try #require(photos[photo].size)
            #expect(max(block.width, block.height) == 40 && block.count == 1)
            #expect(
                abs(Double(block.width) / Double(block.height) / (Double(size.width) / Double(size.height)) - 1) < 0.05)
        }
        let grouped = try batches(plan(), BatchSettings(size: 64, shape: .aspectGroups, seed: 1))[0]
        #expect(grouped.images.count == 1 && grouped.images[0].width % 32 == 0)
    }

    @Test("an unreadable photo is reported once, and another of its class takes its place")
    func unreadable() throws {
        var list = photos.photos
        let broken = try folder.write(Data([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]), as: "broken.jpg")
        list[5].path = broken
        list[6].path = folder.path + "/missing.jpg"
        let damaged = try TrainingPhotoSet(photos: list, classNames: photos.classNames)
        let settings = BatchSettings(size: 32, augmentation: hard, seed: 7)
        let plan = try plan()
        let loader = try BatchLoader(photos: damaged, plan: plan, settings: settings)
        var seen: [Int] = []
        var labels: [Int] = []
        while let batch = try loader.next() {
            seen += batch.photos
            labels += batch.labels
        }
        #expect(seen.count == 16 && !seen.contains(5) && !seen.contains(6))
        let planned = plan.batches.flatMap { $0.photos.map { photos[$0.photo].label } }
        #expect(labels == planned)
        #expect(loader.unreadable.map(\.path) == [broken, folder.path + "/missing.jpg"].sorted())
        #expect(loader.unreadable.allSatisfy { !$0.reason.isEmpty })
        let again = try batches(plan, settings, workers: 1, photos: damaged)
        #expect(again.flatMap(\.photos) == seen)
    }

    @Test("a class without a readable photo is an error, not a hang")
    func unreadableClass() throws {
        var list = photos.photos
        for row in photos.rowsByClass[2] { list[row].path = folder.path + "/none\(row).jpg" }
        let damaged = try TrainingPhotoSet(photos: list, classNames: photos.classNames)
        let loader = try BatchLoader(photos: damaged, plan: plan(), settings: BatchSettings(size: 32, seed: 1))
        let error = #expect(throws: TrainingDataError.self) { while try loader.next() != nil {} }
        #expect(error?.message.contains("class 2") == true)
        #expect(try loader.next() == nil)
    }

    @Test("hostile files are reported, whatever they are")
    func hostile() throws {
        var list = photos.photos
        let good = try Data(contentsOf: URL(fileURLWithPath: list[0].path))
        list[0].path = try folder.write(Data(), as: "empty.jpg")
        list[4].path = folder.path
        list[8].path = try folder.write(good.prefix(good.count / 3), as: "cut.jpg")
        list[12].path = try folder.write(Data("GIF89a".utf8) + Data(repeating: 0xFF, count: 64), as: "odd.gif")
        let damaged = try TrainingPhotoSet(photos: list, classNames: photos.classNames)
        let loader = try BatchLoader(photos: damaged, plan: plan(), settings: BatchSettings(size: 32, seed: 1))
        var count = 0
        while let batch = try loader.next() { count += batch.count }
        #expect(count == 16 && loader.unreadable.count == 4)
        var configuration = LoaderConfiguration(workers: 1)
        configuration.maximumPixels = 100
        let strict = try BatchLoader(
            photos: photos, plan: plan(), settings: BatchSettings(size: 32, seed: 1), configuration: configuration)
        #expect(throws: TrainingDataError.self) { try strict.next() }
    }

    @Test("cancelling ends waiting and loading promptly", .timeLimit(.minutes(1)))
    func cancellation() throws {
        let plan = try plan(batchSize: 2)
        let loader = try BatchLoader(photos: photos, plan: plan, settings: BatchSettings(size: 32, seed: 1))
        #expect(try loader.next() != nil)
        let started = ContinuousClock.now
        loader.cancel()
        #expect(try loader.next() == nil)
        #expect(ContinuousClock.now - started < .seconds(1))
    }

    @Test("settings that make no sense are refused")
    func refusals() throws {
        let settings = BatchSettings(size: 32, seed: 1)
        let plan = try plan()
        #expect(throws: TrainingDataError.self) {
            try BatchLoader(
                photos: photos, plan: plan, settings: settings, configuration: LoaderConfiguration(workers: 0))
        }
        #expect(throws: TrainingDataError.self) {
            try BatchLoader(photos: photos, plan: plan, settings: settings, firstBatch: 5)
        }
    }

    @Test("sizes of photos are read from their headers; what cannot be read stays without")
    func sizes() throws {
        var list = photos.photos.map { TrainingPhoto(path: $0.path, label: $0.label) }
        list[3].path = folder.path + "/missing.jpg"
        let read = try TrainingPhotoSet(photos: list, classNames: photos.classNames).readingSizes(workers: 3)
        for row in list.indices { #expect(read[row].size == (row == 3 ? nil : photos[row].size)) }
    }

    @Test("a sheet has a tile for each photo of each stream")
    func sheet() throws {
        let settings = BatchSettings(
            size: 32, augmentation: hard, mixing: ImageMixing(standard: .cornerCutmix), seed: 7)
        let batch = try batches(plan(), settings)[0]
        let sheet = try AugmentationSheet.image(of: batch, classNames: photos.classNames, columns: 4, tile: 32)
        let first = batch.images[0].image(at: 0)
        #expect(sheet.cropped(columns: 4..<36, rows: 4..<36) == first)
        let mixed = try #require(batch.mixed).images[0].image(at: 3)
        let top = sheet.height - 4 - (sheet.height - 4) / 2 + 4
        #expect(sheet.cropped(columns: 112..<144, rows: top..<top + 32) == mixed)
    }
}

extension ImageMixing.Kind {
    static let both: [ImageMixing.Kind] = [.cutmix, .cornerCutmix]
}
