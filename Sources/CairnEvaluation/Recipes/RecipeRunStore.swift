import CairnCore
import Crypto
import Foundation

/// What a run has done so far, in its folder: `steps/NAME.json` for each finished step, with the key of all that went into it.
///
/// A step whose key is the same is not done again. `steps/NAME.began` has the key of one under way, so that its half-filled folders are
/// gone on with after a kill, and dropped where something else is to be made now.
struct RecipeRunStore {
    /// A finished step.
    struct Entry<Result: Codable & Sendable>: Codable, Sendable {
        /// A digest of all that went into it.
        var key: String
        /// What a report says of it.
        var note: RecipeReport.Step
        /// What steps after it go on with.
        var result: Result
    }

    /// The run's folder.
    let root: URL

    /// Keeps other runs out.
    private let folder: OutputFolder

    private var steps: URL { root.appendingPathComponent("steps") }

    /// Opens a folder, or makes it. Throws `EvaluationError` (`conflict`) where it holds other things than a run.
    init(root: URL) throws {
        self.root = root
        folder = try OutputFolder(root.path, marker: "steps", what: "a recipe")
    }

    /// A file or folder of the run.
    func url(_ name: String) -> URL { root.appendingPathComponent(name) }

    /// The finished step of this key, its files still there; `nil` where it is still to be done.
    func finished<Result: Codable & Sendable>(
        _ step: RecipeStep, key: String, files: [String], as type: Result.Type = Result.self
    ) -> Entry<Result>? {
        guard let data = try? Data(contentsOf: steps.appendingPathComponent("\(step.rawValue).json")),
            let entry = try? JSONDecoder().decode(Entry<Result>.self, from: data), entry.key == key,
            files.allSatisfy({ FileManager.default.fileExists(atPath: url($0).path) })
        else { return nil }
        return entry
    }

    /// Gets ready for a step: what it left behind is dropped, unless it began with the same key.
    func begin(_ step: RecipeStep, key: String, keeping folders: [String]) throws {
        let mark = steps.appendingPathComponent("\(step.rawValue).began")
        try? FileManager.default.removeItem(at: steps.appendingPathComponent("\(step.rawValue).json"))
        guard (try? String(contentsOf: mark, encoding: .utf8)) != key else { return }
        for folder in folders where FileManager.default.fileExists(atPath: url(folder).path) {
            do { try FileManager.default.removeItem(at: url(folder)) } catch {
                throw EvaluationError(.failure, "\(url(folder).path) of an earlier run cannot be removed", cause: error)
            }
        }
        try write(Data(key.utf8), to: mark)
    }

    /// Records a finished step. It counts from then on.
    func finish<Result>(_ step: RecipeStep, _ entry: Entry<Result>) throws {
        try write(Self.json(entry), to: steps.appendingPathComponent("\(step.rawValue).json"))
    }

    /// Writes a file of the run, all of it or nothing.
    func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: url(name)) }

    private func write(_ data: Data, to url: URL) throws {
        do { try data.write(to: url, options: .atomic) } catch {
            throw EvaluationError(.failure, "\(url.path) cannot be written; is there room?", cause: error)
        }
    }

    /// JSON with sorted keys, so that the same values are the same bytes.
    static func json(_ value: some Encodable, isIndented: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isIndented { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(value)
    }
}

/// A digest of what goes into a step, part by part.
struct RecipeRunKey {
    private var hash = SHA256()

    /// Begins with the version of what steps write: a change in them is another key.
    init() { add(text: "cairn recipe run 1") }

    /// Adds a setting.
    mutating func add(_ value: (some Encodable)?) throws {
        if let value { hash.update(data: try RecipeRunStore.json(value)) }
        hash.update(data: Data([0]))
    }

    /// Adds words.
    mutating func add(text: String) {
        hash.update(data: Data(text.utf8))
        hash.update(data: Data([0]))
    }

    /// 32 hexadecimal digits.
    var text: String { hash.finalize().prefix(16).map { String(format: "%02x", $0) }.joined() }
}
