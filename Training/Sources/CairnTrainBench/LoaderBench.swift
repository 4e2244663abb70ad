import ArgumentParser
import CairnRecipes
import CairnTrainingData
import Foundation

/// Images a second of the loader: random resized crop and flip, in batches, as `Training/Benchmarks/loader.py` has PyTorch do it.
struct LoaderBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loader", abstract: "Images a second that the loader gives.")

    @Argument(help: "A folder of photos; its subfolders too.") var folder: String
    @Option(help: "Threads.") var workers = 2
    @Option(help: "Pixels of a side.") var size = 224
    @Option(help: "Photos of a batch.") var batch = 32
    @Option(help: "Seconds.") var seconds = 4.0

    func run() throws {
        let photos = try Self.photos(in: folder)
        let sampler = try EpochSampler(photos: photos, sampler: BatchSampler(), batchSize: batch, seed: 1)
        let settings = BatchSettings(
            size: size,
            augmentation: [Augmentation(standard: .randomResizedCrop), Augmentation(standard: .horizontalFlip)],
            seed: 1)
        let configuration = LoaderConfiguration(workers: workers)
        var (images, bytes, epoch) = (0, 0, 0)
        var started = Date()
        var isWarm = false
        while !isWarm || -started.timeIntervalSinceNow < seconds {
            epoch += 1
            let loader = try BatchLoader(
                photos: photos, plan: sampler.plan(epoch: epoch), settings: settings, configuration: configuration)
            while let batch = try loader.next() {
                if !isWarm {
                    // The first batch waits for threads to start and files to be found.
                    isWarm = true
                    started = Date()
                    continue
                }
                images += batch.count
                bytes += batch.images.map(\.byteCount).reduce(0, +)
                if -started.timeIntervalSinceNow >= seconds { break }
            }
            loader.cancel()
        }
        let elapsed = -started.timeIntervalSinceNow
        print(
            "{\"images_per_second\": \(Double(images) / elapsed), \"images\": \(images), \"bytes\": \(bytes), \"seconds\": \(elapsed), \"workers\": \(workers)}"
        )
    }

    private static func photos(in folder: String) throws -> TrainingPhotoSet {
        let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let paths = found.filter { [".jpg", ".jpeg", ".png"].contains(where: $0.lowercased().hasSuffix) }.sorted()
        let names = Set(paths.map { ($0 as NSString).deletingLastPathComponent }).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
        return try TrainingPhotoSet(
            photos: paths.map {
                TrainingPhoto(
                    path: folder + "/" + $0, label: numbers[($0 as NSString).deletingLastPathComponent] ?? 0)
            }, classNames: names)
    }
}
