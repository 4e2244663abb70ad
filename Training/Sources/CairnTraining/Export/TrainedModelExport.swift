import CairnCheckpoints
import CairnModelLibrary
import CairnTerminal
import Foundation

/// Writes a trained model of a run to a file for others.
public struct TrainedModelExport {
    private let source: URL

    /// Finds the model of a run.
    ///
    /// - Parameters:
    ///   - run: The run's folder.
    ///   - model: The recipe's name of the model; `nil` where it trains one alone.
    ///   - isLast: The last epoch's, not the best one's.
    /// - Throws: `TrainingError` for a folder of no run, several models without a choice, and a model without an epoch.
    public init(run: URL, model: String? = nil, isLast: Bool = false) throws {
        let folder = RunFolder(run)
        let recipe = try folder.settings().recipe
        let file = isLast ? "last.safetensors" : "best.safetensors"
        let trained = recipe.models.map(\.name).filter {
            FileManager.default.fileExists(atPath: folder.url.appendingPathComponent("\($0)/\(file)").path)
        }
        let names = recipe.models.map(\.name).joined(separator: ", ")
        if let model, !recipe.models.contains(where: { $0.name == model }) {
            throw TrainingError(.notFound, "\(recipe.name) has no model “\(model)”; it has \(names)")
        }
        guard let name = model ?? (trained.count == 1 ? trained[0] : nil) else {
            throw TrainingError(
                trained.isEmpty ? .notFound : .invalidArgument,
                trained.isEmpty
                    ? "\(folder.url.path) has no model yet: no epoch is over; cairn-train resume \(folder.url.path) goes on"
                    : "\(folder.url.path) has several models; choose one with --model: \(trained.joined(separator: ", "))"
            )
        }
        guard trained.contains(name) else {
            throw TrainingError(
                .notFound, "\(name) has no epoch behind it yet; cairn-train resume \(folder.url.path) goes on")
        }
        source = folder.url.appendingPathComponent("\(name)/\(file)")
    }

    /// Writes the model: `.onnx` as a graph, else a `.safetensors` file that describes itself. Gives a sentence about it.
    public func write(to path: String) throws -> String {
        let checkpoint = try Checkpoint(contentsOf: source.path)
        guard let description = try ModelDescription(of: checkpoint) else {
            throw TrainingError(.corrupted, "\(source.path) does not say what it is; train on and export again")
        }
        if path.lowercased().hasSuffix(".onnx") {
            let parameters = try checkpoint.parameters(for: description.specs())
            try ModelExport.onnx(description: description, parameters: parameters, to: path)
        } else {
            let data: Data
            do {
                data = try Data(contentsOf: source, options: .mappedIfSafe)
            } catch {
                throw TrainingError(.failure, "\(source.path) cannot be read", cause: error)
            }
            try OutputFile.write(data, to: path)
        }
        return "\(path): \(description.architecture), \(description.training.sentence)"
    }
}
