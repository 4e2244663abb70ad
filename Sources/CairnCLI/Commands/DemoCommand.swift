import ArgumentParser
import Cairn
import CairnCore
import CairnDatasets
import CairnEvaluation
import CairnImaging
import CairnTerminal
import Foundation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Render a made-up town, index it, search it, and write the page that shows the evidence.",
        discussion: """
            EXAMPLES
              cairn demo
              cairn demo --output /tmp/town --landmarks 100
            """)

    @Option(
        name: .shortAndLong, help: ArgumentHelp("A new folder, or one that an earlier demo made.", valueName: "dir"))
    var output = "cairn-demo"

    @Option(help: ArgumentHelp("Landmarks in the town.", valueName: "count"))
    var landmarks = 24

    @Option(help: ArgumentHelp("Views of each landmark.", valueName: "count"))
    var views = 5

    @Option(help: ArgumentHelp("Seed of the town: another number, another town.", valueName: "number"))
    var seed: UInt64 = 1

    func validate() throws {
        guard landmarks >= 2, landmarks <= SampleTown.maximumLandmarks else {
            throw ValidationError("--landmarks is \(landmarks); it must be from 2 to \(SampleTown.maximumLandmarks).")
        }
        guard views >= 2, views <= 1_000 else {
            throw ValidationError("--views is \(views); it must be from 2 to 1000.")
        }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: output)
        let (photos, collection) = (
            folder.appendingPathComponent("photos"), folder.appendingPathComponent("collection")
        )
        let (query, sheet) = (folder.appendingPathComponent("query.jpg"), folder.appendingPathComponent("sheet.html"))
        let town = try SampleTown(
            seed: seed, landmarks: landmarks, viewsPerLandmark: views, lookAlikes: landmarks / 2, distractors: landmarks
        )

        try Self.clear(folder, of: [photos, collection, query, sheet])
        let rendering = ProgressBar("Rendering", unit: "views")
        try await SampleTownWriter(town: town) { try $0.encodeJPEG(quality: 88) }.write(to: photos) {
            rendering.update(done: $0, total: $1)
        }
        rendering.finish()
        // A view that is not among the photos.
        let asked = town.view(landmark: landmarks / 3, index: views)
        try OutputFile.write(asked.image.encodeJPEG(quality: 88), to: query.path)
        Console.print("A town of \(landmarks) landmarks → \(photos.path)")

        let gallery = try Gallery.openOrCreate(at: collection.path)
        let bar = ProgressBar("Indexing", unit: "files")
        let report = try await Interruption.cancelling {
            try await gallery.index([photos.path]) { bar.update(done: $0.done, total: $0.total ?? $0.done + 1) }
        }
        bar.finish()
        Console.print(
            "Indexed \(report.added) photos at \(String(format: "%.1f", report.imagesPerSecond)) a second → \(collection.path)"
        )
        let searcher = try gallery.searcher()
        let answer = try await searcher.search(contentsOf: query.path, limit: views + 3)
        try OutputFile.write(ResultSheet(answer, searcher: searcher).render(), to: sheet.path)
        Console.print("Searched with a new view of \(asked.label ?? "a landmark") (\(query.path)):\n")
        SearchListing.print(answer, searcher: searcher)
        Console.print(
            """

            ✓ verified by geometry   → found by way of a verified photo
            Look-alikes share mouldings and windows with the landmark, so they verify too, with fewer inliers.
            Open \(sheet.path) in a browser to see why each one matched.
            Now your own: cairn index ~/Photos && cairn search some.jpg --html sheet.html
            """)
    }

    /// Removes what an earlier demo left; refuses a folder with anything else in it.
    private static func clear(_ folder: URL, of own: [URL]) throws {
        let manager = FileManager.default
        let names = Set((try? manager.contentsOfDirectory(atPath: folder.path)) ?? [])
        if let stray = names.subtracting(own.map(\.lastPathComponent)).min() {
            throw CommandError(
                kind: .invalidArgument,
                message: "\(folder.path) holds \(stray), which no demo made; name another folder with --output")
        }
        do {
            for item in own where manager.fileExists(atPath: item.path) { try manager.removeItem(at: item) }
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandError(
                kind: .failure,
                message: "\(folder.path) cannot be made or emptied; name a folder that you may write to with --output")
        }
    }
}
