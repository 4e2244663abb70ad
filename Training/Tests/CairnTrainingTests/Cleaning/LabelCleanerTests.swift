import CairnAlgebra
import CairnCore
import CairnImaging
import CairnRecipes
import Foundation
import Testing

@testable import CairnTraining

@Suite("Labels cleaned for a stage") struct LabelCleanerTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "cairn-clean-\(UUID().uuidString)")

    private func recipe(_ step: String) throws -> Recipe {
        try SmallRecipe.make([
            "cleaning=[{name: clean, source: \"made for tests\", \(step)}]", "training.stages.0.data=clean",
        ])
    }

    private func clean(
        _ step: String, _ photos: [LabelledPhoto], _ rows: [String: [Float]] = [:]
    ) async throws -> [LabelledPhoto] {
        let recipe = try recipe(step)
        return try await LabelCleaner(step: recipe.cleaning[0], data: folder).clean(photos) { paths in
            try DescriptorMatrix(rows: paths.map { rows[$0] ?? [0, 0, 0] })
        }
    }

    @Test("Clusters part a class that shows two things, drop what is like nothing, and leave out what cannot be read")
    func clusters() async throws {
        let photos = (0..<12).map { LabelledPhoto(path: "/\($0).jpg", label: $0 < 10 ? "tower" : "gate") }
        func direction(_ angle: Float) -> [Float] { [cos(angle), sin(angle), 0] }
        var rows: [String: [Float]] = [:]
        for number in 0..<5 { rows["/\(number).jpg"] = direction(0.02 * Float(number)) }
        for number in 5..<8 { rows["/\(number).jpg"] = direction(1.5 + 0.02 * Float(number)) }
        rows["/8.jpg"] = [0, 0, 1]
        for number in 10..<12 { rows["/\(number).jpg"] = direction(3 + 0.01 * Float(number)) }
        // /9.jpg has a row of zeros.
        let kept = try await clean("method: clusters, eps: 0.1, minSamples: 2, tailEps: 0.1", photos, rows)
        #expect(kept.map(\.path) == [0, 1, 2, 3, 4, 5, 6, 7, 10, 11].map { "/\($0).jpg" })
        #expect(
            kept.map(\.label) == [String](repeating: "tower", count: 5) + [
                "tower#2", "tower#2", "tower#2", "gate", "gate",
            ])
    }

    @Test("A published list keeps its photos, with its labels, and is asked for by its name")
    func list() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("landmark_id,images\n7,0123456789abcdef 00aa000000000000\n".utf8).write(
            to: folder.appendingPathComponent("mine.csv"))
        let names = ["0/1/2/0123456789abcdef", "f/e/d/fedcba9876543210", "0/0/a/00aa000000000000"]
        let photos = names.map {
            LabelledPhoto(path: folder.standardizedFileURL.path + "/train/\($0).jpg", label: "3")
        }
        let kept = try await clean("method: list, file: mine.csv", photos)
        #expect(kept.map(\.path) == [photos[0].path, photos[2].path] && kept.allSatisfy { $0.label == "7" })
        let error = await #expect(throws: TrainingError.self) {
            try await clean("method: list, file: other.csv", photos)
        }
        #expect(error?.kind == .notFound && error?.message.contains("other.csv") == true)
    }

    @Test("Photos are kept where enough neighbours show the same thing by their local features")
    func verifiedNeighbors() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Four photos of one wall, moved; two of others; and one that is no photo.
        var photos: [LabelledPhoto] = []
        for (number, seed) in [1, 1, 1, 1, 2, 3].enumerated() {
            let file = folder.appendingPathComponent("\(number).jpg")
            try wall(seed, shift: number * 6).encodeJPEG(quality: 95).write(to: file)
            photos.append(LabelledPhoto(path: file.path, label: "wall"))
        }
        let broken = folder.appendingPathComponent("broken.jpg")
        try Data("no photo".utf8).write(to: broken)
        photos.append(LabelledPhoto(path: broken.path, label: "wall"))
        let rows = Dictionary(uniqueKeysWithValues: photos.enumerated().map { ($1.path, [1, Float($0) / 100, 0]) })
        let kept = try await verified(photos, rows)
        #expect(kept == Array(photos.prefix(4)))
    }

    /// A recipe would need a section of local features besides, which cleaning does not read.
    private func verified(_ photos: [LabelledPhoto], _ rows: [String: [Float]]) async throws -> [LabelledPhoto] {
        let recipe = try recipe("method: clusters")
        var step = recipe.cleaning[0]
        step.method = .verifiedNeighbors
        (step.minimumInliers, step.minimumVerified) = (15, 2)
        return try await LabelCleaner(step: step, data: folder).clean(photos) { paths in
            try DescriptorMatrix(rows: paths.map { rows[$0] ?? [0, 0, 0] })
        }
    }

    /// Blots at random places, of random sizes and shades.
    private func wall(_ seed: Int, shift: Int) -> RGBImage {
        let (width, height) = (320, 240)
        var pixels = [UInt8](repeating: 128, count: width * height * 3)
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<260 {
            let (x, y, side, shade) = (next(400) - 40 + shift, next(260) - 10, 4 + next(22), UInt8(next(256)))
            for row in y..<y + side where (0..<height).contains(row) {
                for column in x..<x + side where (0..<width).contains(column) {
                    for channel in 0..<3 { pixels[(row * width + column) * 3 + channel] = shade }
                }
            }
        }
        return RGBImage(size: ImageSize(width: width, height: height), pixels: pixels)
    }
}

@Suite("Labels of stages") struct StageLabelsTests {
    private func labels(_ folder: URL, _ photos: [LabelledPhoto]) throws -> StageLabels {
        let recipe = try SmallRecipe.make([
            "cleaning=[{name: clean, source: \"made for tests\", method: clusters, eps: 0.1, minSamples: 2}]",
            "training.stages.0.data=clean",
        ])
        return StageLabels(recipe: recipe, folder: RunFolder(folder), training: photos, data: folder, isWriter: true)
    }

    @Test("What a step left is written, whatever names have in them, and read back instead of cleaning again")
    func readBack() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-labels-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = ["plain", "a, b", "say \"hi\"", "two\nlines"]
        let photos = names.flatMap { name in (0..<3).map { LabelledPhoto(path: "/x y/\(name)\($0),1.jpg", label: name) }
        }
        let stage = try labels(folder, photos)
        var notes: [String] = []
        let first = try await stage.labels(
            named: "clean",
            describe: { model, paths in
                #expect(model == "net" && paths.count == 12)
                return try DescriptorMatrix(rows: paths.indices.map { [cos(Float($0 / 3)), sin(Float($0 / 3))] })
            }, note: { notes.append($0) })
        #expect(first == photos && notes.count == 1)
        #expect(notes.first?.contains("12 photos of 4 classes became 12 of 4") == true)
        let again = try await stage.labels(
            named: "clean",
            describe: { _, _ in
                Issue.record("cleaned twice")
                return try DescriptorMatrix(dimensions: 2)
            }, note: { notes.append($0) })
        #expect(again == photos && notes.count == 1)
        try Data("other,columns\n1,2\n".utf8).write(to: RunFolder(folder).cleaned("clean"))
        await #expect(throws: TrainingError.self) {
            try await stage.labels(
                named: "clean", describe: { _, _ in try DescriptorMatrix(dimensions: 2) }, note: { _ in })
        }
    }

    @Test("A step that leaves nothing to tell apart ends the run with numbers")
    func nothingLeft() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-labels-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let stage = try labels(folder, (0..<4).map { LabelledPhoto(path: "/\($0).jpg", label: "\($0 / 2)") })
        let error = await #expect(throws: TrainingError.self) {
            try await stage.labels(
                named: "clean",
                describe: { _, paths in
                    try DescriptorMatrix(rows: paths.indices.map { [cos(Float($0)), sin(Float($0))] })
                },
                note: { _ in })
        }
        #expect(error?.message.contains("of 4 photos") == true)
        #expect(!FileManager.default.fileExists(atPath: RunFolder(folder).cleaned("clean").path))
    }
}
