import CairnCore
import CairnRecipes
import Foundation
import Testing

@testable import CairnTraining

@Suite("Labelled photos of a recipe's parts") struct TrainingPhotosTests {
    /// A folder of empty files: which photos there are is found without reading one.
    private final class Files {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-data-\(UUID().uuidString)")
            .standardizedFileURL

        init(_ names: [String] = []) throws {
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            for name in names { try write("", to: name) }
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func write(_ text: String, to name: String) throws {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        func load(_ overrides: [String] = []) throws -> (training: [LabelledPhoto], validation: [LabelledPhoto]) {
            try TrainingPhotos(recipe: SmallRecipe.make(overrides), directory: root).load()
        }

        func failure(_ overrides: [String] = []) -> (any CairnError)? {
            do { _ = try load(overrides) } catch { return error as? any CairnError }
            return nil
        }

        /// Paths from the folder, with labels.
        func short(_ photos: [LabelledPhoto]) -> [String] {
            photos.map { "\($0.path.replacing(root.path + "/", with: "")) \($0.label)" }
        }
    }

    private static let share = ["data.validation={share: 0.25}"]

    @Test("A folder a class below train/ and validation/, in the order of paths")
    func folders() throws {
        let files = try Files([
            "train/b/2.jpg", "train/b/1.jpg", "train/a/x/deep.png", "train/a/1.jpg", "train/notes.txt",
            "validation/c/1.jpg", "validation/c/2.jpg", "validation/d/1.jpg",
        ])
        let (training, validation) = try files.load()
        #expect(
            files.short(training) == ["train/a/1.jpg a", "train/a/x/deep.png a", "train/b/1.jpg b", "train/b/2.jpg b"])
        #expect(files.short(validation) == ["validation/c/1.jpg c", "validation/c/2.jpg c", "validation/d/1.jpg d"])
    }

    @Test("Without train/ the folder's own folders are classes, but not the one that training is judged by")
    func withoutTrain() throws {
        let files = try Files(["a/1.jpg", "b/1.jpg", "validation/c/1.jpg", "validation/c/2.jpg"])
        let (training, validation) = try files.load()
        #expect(files.short(training) == ["a/1.jpg a", "b/1.jpg b"])
        #expect(validation.count == 2)
    }

    @Test("A named subset that is not there is asked for by its name, and so is a part for validation")
    func missingFolders() throws {
        let files = try Files(["a/1.jpg", "a/2.jpg", "b/1.jpg"])
        let subset = try #require(files.failure(["data.train={subset: clean}"]))
        #expect(subset.kind == .notFound && subset.message.contains("no folder clean for train"))
        let judged = try #require(files.failure())
        #expect(judged.kind == .notFound && judged.message.contains("data.validation.share=0.1"))
        #expect(throws: TrainingError.self) {
            try TrainingPhotos(recipe: SmallRecipe.make(), directory: files.root.appendingPathComponent("none"))
        }
        #expect(throws: TrainingError.self) {
            try TrainingPhotos(recipe: SmallRecipe.make(), directory: files.root.appendingPathComponent("a/1.jpg"))
        }
    }

    @Test("Google Landmarks: its lists, photos three folders deep, by landmark", arguments: ["train", "train_clean"])
    func googleLandmarks(subset: String) throws {
        let files = try Files()
        try files.write(
            "id,url,landmark_id\n0123456789abcdef,http://x/1,7\nfedcba9876543210,http://x/2,12\n00aa000000000000,,7\n",
            to: "train.csv")
        try files.write(
            "landmark_id,images\n7,0123456789abcdef 00aa000000000000\n12,fedcba9876543210\n", to: "train_clean.csv")
        let (training, _) = try files.load([
            "data.train={layout: gldv2, subset: \(subset)}", "training.validation=null",
        ])
        let expected = [
            "train/0/1/2/0123456789abcdef.jpg 7", "train/0/0/a/00aa000000000000.jpg 7",
            "train/f/e/d/fedcba9876543210.jpg 12",
        ]
        #expect(Set(files.short(training)) == Set(expected))
        #expect(files.short(training).count == 3)
    }

    @Test("Google Landmarks without its list is not taken for sixteen classes")
    func landmarksWithoutList() throws {
        let files = try Files(["train/0/1/2/0123456789abcdef.jpg", "train/f/e/d/fedcba9876543210.jpg"])
        let settings = ["data.train={layout: gldv2, subset: train_clean}", "training.validation=null"]
        let error = try #require(files.failure(settings))
        #expect(error.kind == .notFound && error.message.contains("train_clean.csv"))
        let named = try #require(
            files.failure(["data.train={layout: gldv2, list: mine.csv}", "training.validation=null"]))
        #expect(named.kind == .notFound && named.message.contains("mine.csv"))
    }

    @Test("A recipe for Google Landmarks takes a folder a class as well")
    func landmarksAsFolders() throws {
        let files = try Files(["train/tower/1.jpg", "train/gate/1.jpg"])
        let settings = ["data.train={layout: gldv2, subset: train_clean}", "training.validation=null"]
        #expect(try files.short(files.load(settings).training) == ["train/gate/1.jpg gate", "train/tower/1.jpg tower"])
    }

    @Test("DIGIX: photos of label.txt, in its order")
    func digix() throws {
        let files = try Files()
        try files.write("DIGIX_2/b.jpg,4\nDIGIX_1/a.jpg,0\nDIGIX_1/c.jpg,0\n", to: "train_data/label.txt")
        let (training, _) = try files.load(["data.train={layout: digix}", "training.validation=null"])
        #expect(
            files.short(training) == [
                "train_data/DIGIX_2/b.jpg 4", "train_data/DIGIX_1/a.jpg 0", "train_data/DIGIX_1/c.jpg 0",
            ])
    }

    @Test("A CSV file: absolute paths and those from the folder, photos without a label left out, columns in any order")
    func table() throws {
        let files = try Files()
        try files.write("note,label,image\n,gate,a/1.jpg\nx,\"big, old\",/photos/2.jpg\n,,3.jpg\n", to: "train.csv")
        let settings = ["data.train={layout: csv}", "training.validation=null"]
        #expect(try files.short(files.load(settings).training) == ["a/1.jpg gate", "/photos/2.jpg big, old"])
        try files.write("photo,label\n1.jpg,a\n", to: "train.csv")
        let error = try #require(files.failure(settings))
        #expect(error.kind == .invalidInput && error.message.contains("“image” and “label”"))
        let missing = try #require(
            files.failure(["data.train={layout: csv, list: other.csv}", "training.validation=null"]))
        #expect(missing.kind == .notFound && missing.message.contains("other.csv"))
    }

    @Test("Classes held out are in no photo of training, are the same each time, and others with another seed")
    func heldOut() throws {
        let names = (0..<20).flatMap { label in (0...label % 4).map { "train/class\(label)/\($0).jpg" } }
        let files = try Files(names)
        let (training, validation) = try files.load(Self.share)
        let (learned, held) = (Set(training.map(\.label)), Set(validation.map(\.label)))
        #expect(learned.isDisjoint(with: held) && learned.count + held.count == 20)
        // A quarter of the 15 classes that have two photos.
        #expect(held.count == 4 && training.count + validation.count == names.count)
        #expect(validation.sizesByLabel.values.allSatisfy { $0 > 1 })
        let again = try files.load(Self.share)
        #expect(again.training == training && again.validation == validation)
        let other = try files.load(Self.share + ["training.seed=4"])
        #expect(Set(other.validation.map(\.label)) != held)
        let least = try files.load(["data.validation={share: 0.001}"])
        #expect(Set(least.validation.map(\.label)).count == 1)
    }

    @Test("Limits take photos at even distances, after classes that are too small")
    func limits() throws {
        let files = try Files((0..<30).map { "train/class\($0 % 3)/\($0 + 10).jpg" } + ["train/lone/1.jpg"])
        let settings = ["training.validation=null"]
        func count(_ part: String) throws -> [String: Int] {
            try files.load(settings + ["data.train=\(part)"]).training.sizesByLabel
        }
        #expect(try count("{limit: 1000}")["lone"] == 1)
        #expect(try count("{minimumClassSize: 2}") == ["class0": 10, "class1": 10, "class2": 10])
        #expect(try count("{minimumClassSize: 2, limit: 6}") == ["class0": 2, "class1": 2, "class2": 2])
        let validated = try files.load(Self.share.map { $0.replacing("}", with: ", limit: 4}") })
        #expect(validated.validation.count == 4 && validated.training.count == 21)
    }

    @Test("Too little to learn from or to be judged by is said with numbers")
    func tooLittle() throws {
        let one = try Files(["train/a/1.jpg", "train/a/2.jpg"])
        let error = try #require(one.failure(["training.validation=null"]))
        #expect(error.kind == .invalidInput && error.message.contains("2 photos of 1 classes"))
        let lone = try Files(["train/a/1.jpg", "train/b/1.jpg", "validation/c/1.jpg", "validation/d/1.jpg"])
        let judged = try #require(lone.failure())
        #expect(judged.kind == .invalidInput && judged.message.contains("no class of the 2 photos"))
        #expect(lone.failure(Self.share)?.kind == .invalidInput)
        let empty = try Files()
        #expect(empty.failure(["training.validation=null"])?.kind == .invalidInput)
        #expect(empty.failure(Self.share) != nil)
    }
}
