import CairnCore
import CairnImaging
import Foundation

/// Writes a town as a photo set: one folder a landmark, `_distractor/` for look-alikes and views of none, `queries.csv`
/// and `truth.json`.
///
/// `queries.csv` has the columns image, landmark and kind; images are paths relative to the set's folder. `truth.json`
/// holds the town's settings and, for every image, what was drawn by lot: time, pose, and the homography from the
/// façade's texture to the image. Two views of one landmark are related by the second's homography after the first's
/// inverse.
public struct SampleTownWriter: Sendable {
    /// What is written.
    public let town: SampleTown

    /// The suffix of the image files, without a dot.
    public var fileExtension: String

    /// How many of each landmark's views, counted from the last one, are queries.
    public var queriesPerLandmark: Int

    /// How many threads render; memory grows by about 40 MB with each.
    public var workers: Int

    /// How an image becomes a file's bytes.
    public var encode: @Sendable (RGBImage) throws -> Data

    /// Describes what to write; `encode` must produce what `fileExtension` says.
    public init(
        town: SampleTown, fileExtension: String = "jpg", queriesPerLandmark: Int = 1,
        workers: Int = ProcessInfo.processInfo.activeProcessorCount,
        encode: @escaping @Sendable (RGBImage) throws -> Data
    ) {
        self.town = town
        self.fileExtension = fileExtension
        self.queriesPerLandmark = queriesPerLandmark
        self.workers = workers
        self.encode = encode
    }

    /// One piece of work: a landmark with all its views, or one image of the `_distractor` folder.
    private enum Job: Sendable {
        case landmark(Int)
        case lookAlike(Int)
        case distractor(Int)
    }

    /// Writes everything into `folder`, which must be new or empty; the list of queries comes last.
    ///
    /// Lists are in the town's order and the bytes do not depend on the number of workers. `progress` is called after
    /// each piece of work with the number of images written and their total, never concurrently.
    /// Throws `DatasetError`: conflict when the folder holds something, failure when something cannot be encoded or written.
    @discardableResult
    public func write(
        to folder: URL, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) async throws -> [SampleTownRecord] {
        if let present = try? FileManager.default.contentsOfDirectory(atPath: folder.path), !present.isEmpty {
            throw DatasetError(.conflict, "\(folder.path) is not empty: name a new folder for the sample town.")
        }
        let jobs =
            (0..<town.landmarks).map(Job.landmark) + (0..<town.lookAlikes).map(Job.lookAlike)
            + (0..<town.distractors).map(Job.distractor)
        let total = town.landmarks * town.viewsPerLandmark + town.lookAlikes + town.distractors
        if town.lookAlikes + town.distractors > 0 {
            try makeFolder(folder.appendingPathComponent("_distractor"))
        }
        var records = [[SampleTownRecord]](repeating: [], count: jobs.count)
        try await withThrowingTaskGroup(of: (Int, [SampleTownRecord]).self) { group in
            var next = 0
            var done = 0
            func startOne() {
                guard next < jobs.count else { return }
                let index = next
                next += 1
                group.addTask { (index, try render(jobs[index], into: folder)) }
            }
            for _ in 0..<max(1, workers) { startOne() }
            while let (index, written) = try await group.next() {
                records[index] = written
                done += written.count
                progress?(done, total)
                startOne()
            }
        }
        let all = records.flatMap { $0 }
        try writeLists(all, into: folder)
        return all
    }

    private func render(_ job: Job, into folder: URL) throws -> [SampleTownRecord] {
        try Task.checkCancellation()
        switch job {
        case .landmark(let index):
            let landmark = town.landmark(index)
            let name = landmark.label.replacingOccurrences(of: " ", with: "_")
            try makeFolder(folder.appendingPathComponent(name))
            return try (0..<town.viewsPerLandmark).map { view in
                let seen = town.view(of: landmark, index: view)
                let isQuery = view >= town.viewsPerLandmark - queriesPerLandmark
                return try store(
                    seen, as: "\(name)/view\(padded(view, town.viewsPerLandmark)).\(fileExtension)", landmark: name,
                    isQuery: isQuery, into: folder)
            }
        case .lookAlike(let index):
            let original = town.label(of: index % town.landmarks).replacingOccurrences(of: " ", with: "_")
            let path = "_distractor/lookalike\(padded(index, town.lookAlikes)).\(fileExtension)"
            return [try store(town.view(lookAlike: index), as: path, landmark: nil, resembles: original, into: folder)]
        case .distractor(let index):
            let view = town.distractor(index: index)
            let path = "_distractor/\(view.kind.rawValue)\(padded(index, town.distractors)).\(fileExtension)"
            return [try store(view, as: path, landmark: nil, into: folder)]
        }
    }

    private func store(
        _ view: TownView, as path: String, landmark: String?, resembles: String? = nil, isQuery: Bool = false,
        into folder: URL
    ) throws -> SampleTownRecord {
        let file = folder.appendingPathComponent(path)
        do {
            try encode(view.image).write(to: file)
        } catch {
            throw DatasetError(
                .failure, "Cannot write \(file.path): check that its folder can be written.", cause: error)
        }
        return SampleTownRecord(
            image: path, landmark: landmark, resembles: resembles, kind: view.kind, time: view.time, isQuery: isQuery,
            homography: view.homography, pose: view.pose, facadeShare: view.facadeShare)
    }

    private func writeLists(_ records: [SampleTownRecord], into folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let rows = records.filter(\.isQuery).map { "\($0.image),\($0.landmark ?? ""),\($0.kind.rawValue)" }
        let table = (["image,landmark,kind"] + rows).joined(separator: "\n") + "\n"
        do {
            try encoder.encode(SampleTownTruth(town: town, views: records))
                .write(to: folder.appendingPathComponent("truth.json"))
            try Data(table.utf8).write(to: folder.appendingPathComponent("queries.csv"))
        } catch {
            throw DatasetError(.failure, "Cannot write the lists into \(folder.path).", cause: error)
        }
    }

    private func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(.failure, "Cannot make the folder \(folder.path).", cause: error)
        }
    }

    /// A number with as many digits as the last of its series needs, so that names sort in order.
    private func padded(_ index: Int, _ count: Int) -> String {
        let digits = max(2, String(max(0, count - 1)).count)
        let text = String(index)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
