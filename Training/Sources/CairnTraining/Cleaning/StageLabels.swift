import CairnAlgebra
import CairnCleaning
import CairnDatasets
import CairnRecipes
import Foundation

/// The photos and labels that stages learn from: the training photos as they came, and what cleaning steps left of them.
///
/// What a step left is written to `cleaning/NAME.csv` and read back by a run that goes on, so that labels never change under it.
struct StageLabels {
    let recipe: Recipe
    let folder: RunFolder
    /// The photos as they came.
    let training: [LabelledPhoto]
    /// The folder of photos, for published lists.
    let data: URL
    /// Whether this process writes lists; the others come to the same ones.
    let isWriter: Bool

    /// The labels of a stage's data: `train`, or the name of a cleaning step, which is run where it has not been yet.
    ///
    /// - Parameters:
    ///   - name: What the stage learns from.
    ///   - describe: Descriptors of photos by a step's model, as it is now. The first argument is the model's name.
    ///   - note: Hears what a step did.
    func labels(
        named name: String, describe: (String, [String]) throws -> DescriptorMatrix, note: (String) throws -> Void
    ) async throws -> [LabelledPhoto] {
        guard name != "train" else { return training }
        guard let step = recipe.cleaning.first(where: { $0.name == name }) else {
            throw TrainingError(.invalidArgument, "there is nothing called “\(name)” to learn from")
        }
        let file = folder.cleaned(name)
        if FileManager.default.fileExists(atPath: file.path) { return try read(file) }
        let before = try await labels(named: step.from, describe: describe, note: note)
        let after = try await LabelCleaner(step: step, data: data).clean(before) { paths in
            try describe(step.model ?? recipe.models.first?.name ?? "", paths)
        }
        guard after.sizesByLabel.count > 1 else {
            throw TrainingError(
                .invalidInput,
                "cleaning “\(name)” left \(after.count) of \(before.count) photos in \(after.sizesByLabel.count) classes; loosen it, or train longer before it"
            )
        }
        try note(
            "Cleaning “\(name)”: \(before.count) photos of \(before.sizesByLabel.count) classes became \(after.count) of \(after.sizesByLabel.count)."
        )
        if isWriter { try write(after, to: file) }
        return after
    }

    private func read(_ file: URL) throws -> [LabelledPhoto] {
        let table = try CSVTable(contentsOf: file)
        guard table.header == ["image", "label"] else {
            throw TrainingError(.corrupted, "\(file.path) is no list of images and labels; remove it to clean again")
        }
        return table.records.map { LabelledPhoto(path: $0.fields[0], label: $0.fields[1]) }
    }

    private func write(_ photos: [LabelledPhoto], to file: URL) throws {
        let text = photos.reduce(into: "image,label\n") { text, photo in
            text += "\(Self.cell(photo.path)),\(Self.cell(photo.label))\n"
        }
        try folder.write(Data(text.utf8), to: file)
    }

    private static func cell(_ text: String) -> String {
        text.contains(where: { ",\"\n\r".contains($0) }) ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
