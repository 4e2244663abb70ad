import CairnAlgebra
import CairnCore
import Foundation

/// A folder of models, each in a folder of its own: `NAME/model.json`, the weights, and a whitening where there is one.
///
/// Adding and removing are atomic: a model is there whole or not at all.
public struct ModelLibrary: Sendable {
    /// The library's folder; it need not exist.
    public let path: String

    /// Wraps a folder.
    public init(path: String) { self.path = path }

    /// `$CAIRN_MODELS`, else `cairn/models` in the XDG data folder.
    public static var standard: ModelLibrary {
        let environment = ProcessInfo.processInfo.environment
        if let chosen = environment["CAIRN_MODELS"], !chosen.isEmpty { return ModelLibrary(path: chosen) }
        let base =
            environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
            ?? (environment["HOME"] ?? "/tmp") + "/.local/share"
        return ModelLibrary(path: base + "/cairn/models")
    }

    /// The models, by name. Throws where a record cannot be read.
    public func records() throws -> [ModelRecord] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            .filter { !$0.hasPrefix(".") && FileManager.default.fileExists(atPath: recordPath(of: $0)) }
            .map(record(named:))
    }

    /// One model's record. Throws `notFound`, naming the models that there are.
    public func record(named name: String) throws -> ModelRecord {
        try Self.check(name: name)
        guard let data = FileManager.default.contents(atPath: recordPath(of: name)) else {
            let known =
                (try? FileManager.default.contentsOfDirectory(atPath: path))?.filter { !$0.hasPrefix(".") } ?? []
            let list = known.isEmpty ? "there are none yet" : "there are \(known.sorted().joined(separator: ", "))"
            throw ModelLibraryError(
                .notFound,
                "there is no model \(name) in \(path); \(list). Add one with `cairn models add FILE --name \(name)`")
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let record: ModelRecord
        do {
            record = try decoder.decode(ModelRecord.self, from: data)
        } catch {
            throw ModelLibraryError(
                .corrupted, "\(recordPath(of: name)) is no model's record; remove the model and add it again",
                cause: error)
        }
        guard record.version == ModelRecord.currentVersion else {
            throw ModelLibraryError(
                .unsupported,
                "the model \(name) was added by another version of Cairn (record \(record.version), not \(ModelRecord.currentVersion)); add it again"
            )
        }
        guard record.name == name else {
            throw ModelLibraryError(
                .corrupted, "the folder \(name) holds the record of \(record.name); remove the model and add it again")
        }
        return record
    }

    /// Removes a model. Throws `notFound` where there is none, `conflict` where an ensemble needs it.
    public func remove(_ name: String) throws {
        _ = try record(named: name)
        if let user = try records().first(where: { $0.members.contains { $0.name == name } }) {
            throw ModelLibraryError(
                .conflict, "the ensemble \(user.name) is made of \(name); remove \(user.name) first")
        }
        // Renamed first, so that a kill leaves no half of it under its name.
        let trash = path + "/.removing-\(UUID().uuidString)"
        try moving(folder(of: name), to: trash)
        try? FileManager.default.removeItem(atPath: trash)
    }

    // MARK: For the files of this module

    func folder(of name: String) -> String { path + "/" + name }
    func recordPath(of name: String) -> String { folder(of: name) + "/model.json" }
    /// A whitening's file is named by what is in it: a record never points at another one, whenever a process is killed.
    func whiteningFile(digest: String) -> String { "whitening-\(digest.prefix(16)).cairnwhite" }

    /// Fills a new folder with `body`, and gives it its name when all of it is there.
    func install(_ name: String, _ body: (_ folder: String) throws -> ModelRecord) throws
        -> ModelRecord
    {
        try Self.check(name: name)
        let target = folder(of: name)
        guard !FileManager.default.fileExists(atPath: target) else {
            throw ModelLibraryError(
                .conflict,
                "there is a model \(name) already; choose another name, or remove it with `cairn models remove \(name)`"
            )
        }
        sweep()
        let draft = path + "/.adding-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        } catch {
            throw ModelLibraryError.unwritable("the folder \(path) cannot be written", error)
        }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let record = try body(draft)
        try write(record, to: draft + "/model.json")
        try moving(draft, to: target)
        return record
    }

    /// Drops what a killed process left behind; nobody takes an hour to add a model.
    private func sweep() {
        let manager = FileManager.default
        for name in (try? manager.contentsOfDirectory(atPath: path)) ?? []
        where name.hasPrefix(".adding-") || name.hasPrefix(".removing-") {
            let changed = try? manager.attributesOfItem(atPath: path + "/" + name)[.modificationDate] as? Date
            if let changed, changed.timeIntervalSinceNow < -3_600 { try? manager.removeItem(atPath: path + "/" + name) }
        }
    }

    func write(_ record: ModelRecord, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        do {
            try encoder.encode(record).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw ModelLibraryError.unwritable("\(path) cannot be written", error)
        }
    }

    private func moving(_ from: String, to: String) throws {
        guard rename(from, to) == 0 else {
            throw ModelLibraryError(.failure, "\(from) cannot be renamed: \(String(cString: strerror(errno)))")
        }
    }

    /// Letters, digits and `-_.`: a name is a folder and a word on the command line.
    static func check(name: String) throws {
        let allowed = name.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "-_.".unicodeScalars.contains($0)
        }
        guard allowed, (1...64).contains(name.count), !name.hasPrefix("."), !name.hasPrefix("-") else {
            throw ModelLibraryError(
                .invalidArgument,
                "“\(name)” cannot be a model's name; take up to 64 letters, digits, dots, dashes and underscores")
        }
    }
}
