import CairnDatasets
import CairnRecipes
import Foundation

/// The labelled photos of a recipe's parts in a folder: what networks learn from, and what they are judged by.
///
/// Photos are in the order of their paths or of the published list, so that equal folders give equal runs.
struct TrainingPhotos {
    /// The photos.
    let directory: URL
    private let recipe: Recipe

    /// Opens a folder. Throws `TrainingError` where there is none.
    init(recipe: Recipe, directory: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw TrainingError(.notFound, "there is no folder \(directory.path); give --data one with labelled photos")
        }
        self.recipe = recipe
        self.directory = directory.standardizedFileURL
    }

    /// What networks learn from and, where the recipe asks for validation, what they are judged by. No class is in both where
    /// validation is a share.
    ///
    /// Throws `TrainingError` for a part that is not there or has nothing to learn from.
    func load() throws -> (training: [LabelledPhoto], validation: [LabelledPhoto]) {
        let part = recipe.data.train ?? RecipeDataPart()
        var training = try photos(of: .train, part)
        var validation: [LabelledPhoto] = []
        if let judge = recipe.training?.validation {
            let held = recipe.data[judge.part] ?? RecipeDataPart()
            if let share = held.share {
                (validation, training) = ClassHoldOut(share: share, seed: recipe.training?.seed ?? 1).split(training)
            } else {
                validation = try photos(of: judge.part, held)
            }
            validation = held.limited(validation)
            guard validation.sizesByLabel.values.contains(where: { $0 > 1 }) else {
                throw TrainingError(
                    .invalidInput,
                    "no class of the \(validation.count) photos for validation has two; give more, or set training.validation=null"
                )
            }
        }
        training = part.limited(training)
        guard training.sizesByLabel.count > 1 else {
            throw TrainingError(
                .invalidInput,
                "\(directory.path) has \(training.count) photos of \(training.sizesByLabel.count) classes to learn from; a network needs two at least"
            )
        }
        return (training, validation)
    }

    private func photos(of role: RecipeData.Part, _ part: RecipeDataPart) throws -> [LabelledPhoto] {
        switch recipe.data.layout(of: role) {
        case .gldv2 where part.list != nil && part.subset?.hasPrefix("train") != true && role != .train:
            throw Self.withoutLabels(role)
        case .gldv2:
            let name = part.list ?? "\(part.subset ?? role.rawValue).csv"
            let files = GoogleLandmarks(root: directory)
            if let list = files.file(name) {
                let labels = try LandmarkLabels(contentsOf: list)
                return zip(labels.images, labels.landmarks).map {
                    LabelledPhoto(path: files.path(of: $0, in: .train), label: "\($1)")
                }
            }
            // A folder a class will do instead, but not the data set's own folders, which are no classes.
            let classes = try part.list == nil ? folders(of: role, part) : []
            let isOwn = classes.allSatisfy { photo in
                let stem = URL(fileURLWithPath: photo.path).deletingPathExtension().lastPathComponent
                return photo.label.count == 1 && LandmarkImageID(stem) != nil
            }
            guard !isOwn else {
                throw TrainingError(
                    .notFound, "\(directory.path) has no \(name), which says what its photos show; put it there")
            }
            return classes
        case .digix:
            if BenchmarkLayout.detect(directory) == .digix {
                guard role == .train else { throw Self.withoutLabels(role) }
                let dataset = try DIGIXDataset(root: directory)
                return dataset.training.map {
                    LabelledPhoto(path: dataset.root.path + "/train_data/" + $0.name, label: "\($0.label)")
                }
            }
        case .csv: return try listed(part.list ?? "\(part.subset ?? role.rawValue).csv")
        case .folders, .revisited, .oxford, .ukbench, .holidays: break
        }
        return try folders(of: role, part)
    }

    private static func withoutLabels(_ role: RecipeData.Part) -> TrainingError {
        TrainingError(
            .unsupported,
            "of this data set only photos for training have labels to learn from; hold classes out with data.\(role.rawValue).share=0.02 and data.\(role.rawValue).heldOutOf=train"
        )
    }

    /// A folder a class: below the part's own folder, or for training below the data's where it has no such folder.
    private func folders(of role: RecipeData.Part, _ part: RecipeDataPart) throws -> [LabelledPhoto] {
        let name = recipe.data.layout(of: role) == .folders ? part.subset ?? role.rawValue : role.rawValue
        var root = directory.appendingPathComponent(name)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) && isFolder.boolValue
        if !exists {
            guard role == .train, part.subset == nil || recipe.data.layout(of: role) != .folders else {
                throw TrainingError(
                    .notFound,
                    "\(directory.path) has no folder \(name) for \(role.rawValue); put a folder a class into it, or hold classes out with data.\(role.rawValue).share=0.1"
                )
            }
            root = directory
        }
        // Beside the classes there may be a folder of what training is judged by, which is none.
        let judged = exists ? nil : recipe.training?.validation.map { recipe.data[$0.part]?.subset ?? $0.part.rawValue }
        return try FolderDataset(root: root).images.compactMap { image in
            guard let name = image.className, name != judged else { return nil }
            return LabelledPhoto(path: image.path, label: name)
        }
    }

    /// A CSV file with the columns `image` and `label`; paths are absolute or start from the data's folder.
    private func listed(_ name: String) throws -> [LabelledPhoto] {
        let file = directory.appendingPathComponent(name)
        let table = try CSVTable(contentsOf: file)
        guard let image = table.header.firstIndex(of: "image"), let label = table.header.firstIndex(of: "label") else {
            throw TrainingError(
                .invalidInput, "\(file.path) has no columns “image” and “label”; name them in its first line")
        }
        return table.records.filter { !$0.fields[label].isEmpty }.map { record in
            let path = record.fields[image]
            return LabelledPhoto(
                path: path.hasPrefix("/") ? path : directory.appendingPathComponent(path).path,
                label: record.fields[label])
        }
    }
}

extension RecipeDataPart {
    /// Leaves classes out that are too small, and then photos at even distances beyond the limit.
    func limited(_ photos: [LabelledPhoto]) -> [LabelledPhoto] {
        let sizes = photos.sizesByLabel
        let kept = photos.filter { sizes[$0.label, default: 0] >= minimumClassSize }
        guard let limit, limit < kept.count else { return kept }
        return (0..<limit).map { kept[$0 * kept.count / limit] }
    }
}
