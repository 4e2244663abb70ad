import CairnImaging
import Foundation

/// What is in a benchmark's folder, looked at file by file.
public struct BenchmarkCheck: Sendable, Codable {
    /// One way of judging, in numbers.
    public struct Setting: Sendable, Codable, Hashable {
        /// Its name; `nil` where a benchmark has one alone.
        public var name: String?
        /// Queries that it judges.
        public var queries: Int
        /// Judged queries to which nothing is right.
        public var queriesWithoutPositives: Int
        /// The fewest right answers to a judged query, those that are junk too not counted; 0 where none is judged.
        public var minimumPositives: Int
        /// The median, the lower of two.
        public var medianPositives: Int
        /// The most.
        public var maximumPositives: Int
    }

    /// A file that is not what it should be.
    public struct Damage: Sendable, Codable, Hashable {
        /// Its path.
        public var path: String
        /// What is wrong with it.
        public var reason: String
    }

    /// The layout.
    public var layout: BenchmarkLayout
    /// Images that are searched; photos with labels, for recognition.
    public var gallery: Int
    /// Queries.
    public var queries: Int
    /// The ways of judging.
    public var settings: [Setting]
    /// Paths at which there is no file.
    public var missing: [String]
    /// Images whose headers cannot be read.
    public var unreadable: [Damage]
    /// Names that more than one gallery row has, each once.
    public var duplicates: [String]
    /// How its size differs from the published one, a sentence each.
    public var differences: [String]

    /// Whether nothing is wrong.
    public var isWhole: Bool { missing.isEmpty && unreadable.isEmpty && duplicates.isEmpty && differences.isEmpty }

    /// Goes through everything: reads the ground truth, looks for every image and, unless `readingHeaders` is `false`, reads
    /// the header of each. `progress` hears of images done and their number, at most a hundred times.
    ///
    /// Throws `DatasetError` only where the ground truth itself cannot be read; missing and unreadable images are what it
    /// reports.
    public init(
        _ layout: BenchmarkLayout, directory: URL, groundTruth: URL? = nil,
        options: BenchmarkOptions = BenchmarkOptions(),
        readingHeaders: Bool = true, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        var options = options
        options.images = .unchecked
        self.layout = layout
        var paths: [String]
        if layout == .googleLandmarksRecognition {
            let benchmark = try LandmarkRecognitionBenchmark(
                directory: directory, groundTruth: groundTruth, options: options)
            let training = benchmark.training?.images ?? []
            gallery = training.count
            queries = benchmark.solution.queries.count
            settings = [LandmarkUsage.public, .private].map { usage in
                Setting(
                    name: usage.rawValue.lowercased(),
                    counts: benchmark.solution.queries.filter { $0.usage == usage }.map(\.landmarks.count))
            }
            duplicates = Self.duplicates(training).map(\.description)
            paths = []
            paths.reserveCapacity(queries + gallery)
            if let files = benchmark.files {
                paths += benchmark.solution.queries.map { files.path(of: $0.image, in: .test) }
                paths += training.map { files.path(of: $0, in: .train) }
            }
            differences = layout.differences(gallery: gallery, queries: queries)
        } else {
            let benchmark = try layout.load(directory: directory, groundTruth: groundTruth, options: options)
            gallery = benchmark.gallery.count
            queries = benchmark.queries.count
            settings = benchmark.settings.map { setting in
                Setting(
                    name: setting.name,
                    counts: setting.judgments.compactMap { judgment in
                        guard let judgment else { return nil }
                        return Set(judgment.positives).subtracting(judgment.junk).count
                    })
            }
            duplicates = Self.duplicates(benchmark.gallery.map(\.id))
            var seen: Set<String> = []
            paths = benchmark.allPaths.filter { seen.insert($0).inserted }
            let distractors = try options.distractors.map { try RevisitedDistractors($0).images.count } ?? 0
            differences = layout.differences(gallery: gallery, queries: queries, distractors: distractors)
        }
        missing = []
        unreadable = []
        look(at: paths, readingHeaders: readingHeaders, progress: progress)
    }

    private mutating func look(at paths: [String], readingHeaders: Bool, progress: (Int, Int) -> Void) {
        let decoder = ImageDecoder()
        let step = max(1, paths.count / 100)
        for (index, path) in paths.enumerated() {
            if PathKind(path) != .file {
                missing.append(path)
            } else if readingHeaders {
                do {
                    try Self.readHeader(of: path, with: decoder)
                } catch {
                    unreadable.append(Damage(path: path, reason: (error as? ImagingError)?.message ?? "\(error)"))
                }
            }
            if (index + 1) % step == 0 || index + 1 == paths.count { progress(index + 1, paths.count) }
        }
    }

    /// Reads as little as needed: nearly all headers are in the first 64 KB, and a data set may have a million files.
    private static func readHeader(of path: String, with decoder: ImageDecoder) throws {
        if let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 1 << 16),
            (try? decoder.metadata(from: start)) != nil
        {
            return
        }
        _ = try decoder.metadata(contentsOf: path)
    }

    private static func duplicates<Name: Hashable & Comparable>(_ names: [Name]) -> [Name] {
        var seen: Set<Name> = []
        seen.reserveCapacity(names.count)
        return Set(names.filter { !seen.insert($0).inserted }).sorted()
    }
}

extension BenchmarkCheck.Setting {
    /// Of the numbers of right answers of the judged queries.
    init(name: String?, counts: [Int]) {
        let sorted = counts.sorted()
        self.init(
            name: name, queries: counts.count, queriesWithoutPositives: counts.count { $0 == 0 },
            minimumPositives: sorted.first ?? 0, medianPositives: sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2],
            maximumPositives: sorted.last ?? 0)
    }
}
