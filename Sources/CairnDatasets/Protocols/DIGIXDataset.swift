import CairnMetrics
import Foundation

/// The data of the Huawei DIGIX 2020 contest on retrieving digital devices.
///
/// `train_data/label.txt` has a line a photo, `DIGIX_000001/x.jpg,0`: its path below `train_data/` and its class.
/// `test_data_A/` and `test_data_B/` hold `query/` and `gallery/`, whose right answers were never published. So a benchmark
/// is either made of the training photos or of a test part with a list of classes of one's own.
public struct DIGIXDataset: Sendable {
    /// A training photo.
    public struct Image: Hashable, Sendable {
        /// Its path below `train_data/`.
        public var name: String
        /// Its class.
        public var label: Int32
    }

    /// What is a query and what is searched.
    public enum Split: Hashable, Sendable {
        /// Every training photo of a class of two or more is searched for among the others.
        case leaveOneOut
        /// Every `every`-th class, counted in the order of class numbers from the `every`-th, is held out from training: of
        /// its photos, in the order of the list, the first is a query and the others are searched. `every` is at least 1; 10
        /// holds out a tenth.
        case heldOut(every: Int)
        /// A test part, `A` or `B` (the one that has the list's first photo where it is `nil`), with a CSV file of the
        /// columns `image,label` that names the photos of `query/` and `gallery/` (`query/x.jpg`, or `x.jpg` alone where that
        /// is the only one). Photos that it leaves out of the gallery are distractors; queries must be listed.
        case labelled(URL, part: String? = nil)
    }

    /// Its folder.
    public let root: URL
    /// Training photos, in the list's order.
    public let training: [Image]

    /// Reads `train_data/label.txt`. Throws `DatasetError` with the line for one that is not a path, a comma and a number.
    public init(root: URL) throws {
        let folder = try BenchmarkFolder(.digix, at: root)
        self.root = folder.root
        let file = try folder.file("train_data/label.txt")
        training = try NameList.lines(of: file).enumerated().map { index, line in
            guard let comma = line.lastIndex(of: ","), comma > line.startIndex,
                let label = Int32(line[line.index(after: comma)...].trimmingCharacters(in: .whitespaces)), label >= 0
            else {
                throw DatasetError(
                    .invalidInput,
                    "\(file.path), entry \(index + 1): “\(line)” is not a path, a comma and the number of a class")
            }
            return Image(name: String(line[..<comma]), label: label)
        }
        guard !training.isEmpty else { throw DatasetError(.invalidInput, "\(file.path) lists no photo") }
    }

    /// The classes that a split holds out, so that training can leave them alone; empty for the other splits. Sorted.
    public func heldOutClasses(every: Int) -> [Int32] {
        precondition(every >= 1, "every \(every)-th class")
        return Set(training.map(\.label)).sorted().enumerated().filter { ($0.offset + 1) % every == 0 }.map(\.element)
    }

    /// The benchmark of a split.
    static func benchmark(
        directory: URL, split: Split, images presence: BenchmarkOptions.ImagePresence
    ) throws -> RetrievalBenchmark {
        let folder = try BenchmarkFolder(.digix, at: directory)
        if case .labelled(let labels, let part) = split {
            return try labelledBenchmark(folder, part: part, labels: labels)
        }
        let dataset = try DIGIXDataset(root: directory)
        func image(_ photo: Image) -> RetrievalBenchmark.Image {
            .init(id: photo.name, path: dataset.root.path + "/train_data/" + photo.name)
        }
        guard case .heldOut(let every) = split else {
            let gallery = dataset.training
            let benchmark = RetrievalBenchmark(
                name: BenchmarkLayout.digix.rawValue, scoring: .digix, gallery: gallery.map(image),
                labels: gallery.map(\.label))
            return try folder.checked(benchmark, images: presence)
        }
        guard every >= 1 else {
            throw DatasetError(.invalidArgument, "a split by every \(every)-th class makes no sense: give 1 or more")
        }
        let classes = Set(dataset.heldOutClasses(every: every))
        var seen: Set<Int32> = []
        var queries: [Image] = []
        var gallery: [Image] = []
        for photo in dataset.training where classes.contains(photo.label) {
            if seen.insert(photo.label).inserted { queries.append(photo) } else { gallery.append(photo) }
        }
        let benchmark = RetrievalBenchmark(
            name: BenchmarkLayout.digix.rawValue, scoring: .digix, gallery: gallery.map(image),
            labels: gallery.map(\.label),
            queries: queries.map(image), queryLabels: queries.map(\.label))
        return try folder.checked(benchmark, images: presence)
    }
}
