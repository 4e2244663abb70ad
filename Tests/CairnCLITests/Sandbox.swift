import CairnDatasets
import CairnImaging
import Foundation
import Testing

/// A folder of its own for a test, which the child processes take for their home; deleted with this object.
final class Sandbox: Sendable {
    /// The folder. Its name has a space, as users' folders do.
    let root: String
    /// Where photos go.
    var photos: String { root + "/My Photos" }
    /// The collection that commands use unless told otherwise.
    var collection: String { root + "/the collection" }
    /// The models that commands use.
    var models: String { root + "/the models" }
    private var scratch: String { root + "/.printed" }

    init() throws {
        root = "\(Self.parent)/\(UUID().uuidString.prefix(13))"
        for folder in [photos, scratch] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Holds all sandboxes of this process, and goes with it: not every test's sandbox is released before.
    ///
    /// In memory where there is such a folder: the kill test flushes files to the disk all the time.
    private static let parent: String = {
        atexit { try? FileManager.default.removeItem(atPath: Sandbox.parent) }
        let folder =
            access("/dev/shm", W_OK) == 0
            ? "/dev/shm" : FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        return "\(folder)/cairn cli \(getpid())"
    }()

    /// The environment of child processes: nothing of the user's own collection or cache is in reach.
    var environment: [String: String] {
        var variables = ProcessInfo.processInfo.environment
        variables["HOME"] = root
        variables["CAIRN_COLLECTION"] = collection
        variables["XDG_DATA_HOME"] = root + "/data"
        variables["XDG_CACHE_HOME"] = root + "/cache"
        variables["CAIRN_MODELS"] = models
        variables["COLUMNS"] = "80"
        return variables
    }

    /// Starts `cairn` without waiting for it.
    func start(
        _ arguments: [String], environment changes: [String: String?] = [:], folder: String? = nil,
        wrapper: [String] = []
    ) throws -> CairnProcess {
        var variables = environment
        for (name, value) in changes { variables[name] = value }
        return try CairnProcess(
            wrapper + [CairnProcess.executable] + arguments, environment: variables, folder: folder ?? root,
            scratch: scratch)
    }

    /// Runs `cairn` to its end. `wrapper` is a command, by its absolute path, that runs the one it is given.
    @discardableResult
    func run(
        _ arguments: String..., environment: [String: String?] = [:], folder: String? = nil, wrapper: [String] = []
    ) async throws -> CairnProcess.Outcome {
        try await run(arguments, environment: environment, folder: folder, wrapper: wrapper)
    }

    /// Runs `cairn` to its end.
    @discardableResult
    func run(
        _ arguments: [String], environment: [String: String?] = [:], folder: String? = nil, wrapper: [String] = []
    ) async throws -> CairnProcess.Outcome {
        try await start(arguments, environment: environment, folder: folder, wrapper: wrapper).wait()
    }

    /// Runs `cairn … --json`, which has to succeed, and reads what it prints.
    func reply<Reply: Decodable>(
        _ type: Reply.Type, _ arguments: String..., environment: [String: String?] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Reply {
        let outcome = try await run(arguments + ["--json"], environment: environment)
        try #require(
            outcome.status == 0, "cairn \(arguments) ended with \(outcome.status): \(outcome.errors)",
            sourceLocation: sourceLocation)
        return try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
    }

    /// Writes a file below `photos`.
    func write(_ content: Data, to name: String) throws {
        let file = URL(fileURLWithPath: "\(photos)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try content.write(to: file)
    }

    /// Writes the town's first `count` photos, or all, below `photos`; gives their paths in bytewise order.
    @discardableResult
    func writeTown(_ count: Int = TownPhoto.all.count) throws -> [String] {
        try TownPhoto.all.prefix(count).map { photo in
            try write(photo.content, to: photo.name)
            return "\(photos)/\(photo.name)"
        }
    }
}

/// A photo of the town that all tests share: 12 landmarks, 3 views of each, and 6 views of none.
struct TownPhoto: Sendable {
    /// Path below the folder of photos, `class/view.jpg`.
    var name: String
    /// A JPEG file's bytes.
    var content: Data

    /// The photos in bytewise order of names, rendered once.
    static let all = rendered(render)

    /// Views that are not among `all`: one of each landmark.
    static let queries = rendered(renderQueries)

    private static func rendered<Value>(_ render: () throws -> Value) -> Value {
        do {
            return try render()
        } catch {
            preconditionFailure("the town cannot be rendered: \(error)")
        }
    }

    private static func renderQueries() throws -> [Data] {
        let town = try town()
        var queries: [Data] = []
        for index in 0..<3 { queries.append(try town.view(landmark: index, index: 3).image.encodeJPEG(quality: 88)) }
        return queries
    }

    private static func town() throws -> SampleTown {
        try SampleTown(
            seed: 7, landmarks: 12, viewsPerLandmark: 3, lookAlikes: 0, distractors: 6, longSide: 320, difficulty: .easy
        )
    }

    private static func render() throws -> [TownPhoto] {
        let town = try town()
        var photos: [TownPhoto] = []
        for index in 0..<town.landmarks {
            let landmark = town.landmark(index)
            for view in 0..<town.viewsPerLandmark {
                photos.append(
                    TownPhoto(
                        name: String(format: "%02d ", index) + "\(landmark.label)/\(view).jpg",
                        content: try town.view(of: landmark, index: view).image.encodeJPEG(quality: 88)))
            }
        }
        for index in 0..<town.distractors {
            photos.append(
                TownPhoto(
                    name: "_distractor/\(index).jpg",
                    content: try town.distractor(index: index).image.encodeJPEG(quality: 88)))
        }
        return photos
    }
}
