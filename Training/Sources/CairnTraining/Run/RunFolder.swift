import CairnCore
import CairnRecipes
import CairnTerminal
import Foundation

/// The folder of a run.
///
/// ```
/// run.json              the recipe as it is run, and the options
/// cleaning/NAME.csv     the photos and labels that a cleaning step left
/// MODEL/log.jsonl       what happened, a line an event
/// MODEL/report.html     the same for people
/// MODEL/samples.jpg     photos as the network sees them
/// MODEL/state.safetensors   everything that going on needs
/// MODEL/best.safetensors    the best epoch's model, which `cairn models add` takes
/// MODEL/last.safetensors    the last epoch's
/// ```
struct RunFolder {
    /// What `run.json` holds.
    struct Settings: Codable, Sendable, Hashable {
        var format = 1
        var recipe: Recipe
        var options: TrainingOptions
    }

    private struct Version: Codable {
        var format: Int
    }

    /// The folder.
    let url: URL

    /// Names a folder; nothing is made.
    init(_ url: URL) { self.url = url.standardizedFileURL }

    /// What is run. Throws `TrainingError` where the folder is none of a run.
    func settings() throws -> Settings {
        let file = url.appendingPathComponent("run.json")
        guard let data = try? Data(contentsOf: file) else {
            throw TrainingError(
                .notFound,
                "\(url.path) is no folder of a training run: it has no run.json; begin one with cairn-train run")
        }
        do {
            let version = try JSONDecoder().decode(Version.self, from: data)
            guard version.format == 1 else {
                throw TrainingError(
                    .unsupported, "\(file.path) is of format \(version.format), and this build reads 1")
            }
            return try JSONDecoder().decode(Settings.self, from: data)
        } catch let error as TrainingError {
            throw error
        } catch {
            throw TrainingError(
                .corrupted, "\(file.path) cannot be read; begin the run again in another folder", cause: error)
        }
    }

    /// Makes the folder and writes what is run. Throws `TrainingError` for a folder that holds something else.
    func begin(_ settings: Settings) throws {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: url.path, isDirectory: &isFolder) {
            guard isFolder.boolValue else {
                throw TrainingError(.conflict, "\(url.path) is a file; give --output a folder")
            }
            let names = try files.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }
            if names.contains("run.json") {
                throw TrainingError(
                    .conflict,
                    "\(url.path) holds a run already; go on with it by cairn-train resume \(url.path), or choose another folder"
                )
            }
            guard names.isEmpty else {
                throw TrainingError(.conflict, "\(url.path) is not empty and no run of ours; choose another folder")
            }
        }
        try makeFolder(url)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(try encoder.encode(settings), to: url.appendingPathComponent("run.json"))
    }

    /// The folder of a model, made, without what killed processes left half-written in it.
    func model(_ name: String) throws -> URL {
        let folder = url.appendingPathComponent(name)
        try makeFolder(folder)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files where file.lastPathComponent.contains(".partial-") {
            try? FileManager.default.removeItem(at: file)
        }
        return folder
    }

    /// The list that a cleaning step left.
    func cleaned(_ step: String) -> URL { url.appendingPathComponent("cleaning/\(step).csv") }

    /// Writes a file that appears when it is complete. Throws `CommandError`, which tells a full disk from a folder that may not be
    /// written.
    func write(_ data: Data, to file: URL) throws {
        try makeFolder(file.deletingLastPathComponent())
        try OutputFile.write(data, to: file.path)
    }

    private func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw TrainingError(
                .failure, "the folder \(folder.path) cannot be made; check permissions and the disk", cause: error)
        }
    }
}
