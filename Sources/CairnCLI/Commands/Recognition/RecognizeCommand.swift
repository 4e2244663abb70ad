import ArgumentParser
import Cairn
import CairnCore
import CairnEvaluation
import CairnTerminal
import Foundation

struct RecognizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recognize",
        abstract: "Say which landmark a photo shows, or none.",
        discussion: """
            Goes by the collection's labels (cairn label). Probabilities, and the answer “none of these”, need cairn calibrate \
            once. Pages and maps work without a network; map pictures are loaded where there is one. OpenStreetMap's server gives \
            none to pages that are opened from the disk, only to those on a web server; --tiles names another one.

            EXAMPLES
              cairn recognize query.jpg
              cairn recognize query.jpg --json --geojson where.geojson
              cairn recognize query.jpg --html why.html
              cairn recognize trip/*.jpg --map trip.html
            """)

    @Argument(help: ArgumentHelp("The photos.", valueName: "image"))
    var images: [String]

    @OptionGroup var location: CollectionOptions
    @OptionGroup var searching: SearchOptions
    @OptionGroup var runtime: RuntimeOptions

    @Flag(help: "Print the answers as JSON: an object for one photo, a list for several.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Write a page that shows one photo's answer, what led to it, and where it is.", valueName: "file"))
    var html: String?

    @Option(help: ArgumentHelp("Write the places as GeoJSON.", valueName: "file"))
    var geojson: String?

    @Option(help: ArgumentHelp("Write a map of all photos' answers.", valueName: "file"))
    var map: String?

    @OptionGroup var tiles: TileOptions

    func validate() throws {
        if html != nil, images.count > 1 {
            throw ValidationError("--html shows one photo; give one, or use --map for several.")
        }
    }

    func run() async throws {
        for path in [html, geojson, map].compactMap({ $0 }) { try OutputFile.requireFolder(of: path) }
        let tiles = try tiles.source
        let gallery = try Gallery.open(at: location.path, provider: runtime.provider(.latency))
        let recognizer = try gallery.recognizer(configuration: searching.configuration())
        var answers: [RecognitionAnswer] = []
        var failure: ErrorKind?
        for image in images {
            do {
                let (answer, search) = try await recognizer.recognize(contentsOf: image)
                answers.append(answer)
                if let html {
                    let sheet = try RecognitionSheet(answer, search: search, recognizer: recognizer, tiles: tiles)
                    try OutputFile.write(sheet.render(), to: html)
                }
            } catch let error as any CairnError where images.count > 1 {
                // One bad photo of many does not cost the others' answers.
                Console.note("skipped: \(error.message)")
                failure = error.kind
            }
        }
        let places = try answers.flatMap { try MapPlace.places(of: $0) }
        let view = MapView(places: places, tiles: tiles, connectsEvidence: answers.count == 1)
        if let geojson { try OutputFile.write(view.geoJSON.text, to: geojson) }
        if let map { try OutputFile.write(MapPage(title: "Recognised landmarks", map: view).render(), to: map) }
        if json {
            if images.count == 1, let answer = answers.first {
                try Console.printJSON(answer)
            } else {
                try Console.printJSON(answers)
            }
        } else {
            for answer in answers { Console.print(text(answer)) }
            for (name, path) in [("sheet", html), ("places", geojson), ("map", map)] {
                if let path { Console.note("\(name): \(path)") }
            }
        }
        if answers.contains(where: { $0.probability == nil }) {
            Console.note("not calibrated: every photo gets a label; cairn calibrate learns when to say none")
        }
        if let failure { throw failure.exitCode }
    }

    private func text(_ answer: RecognitionAnswer) -> String {
        func percent(_ value: Double?) -> String { value.map { String(format: "%.1f %%", 100 * $0) } ?? "" }
        let name = answer.label.map { label in answer.title.map { "\($0) (\(label))" } ?? label }
        var lines = [
            [answer.query, name ?? "none of these", percent(answer.probability)].filter { !$0.isEmpty }.joined(
                separator: "  ")
        ]
        if let place = answer.place {
            lines.append(String(format: "    at %.5f, %.5f", place.latitude, place.longitude))
        }
        for candidate in answer.candidates.prefix(3) {
            let inliers = candidate.parts.inliers.map { ", \($0) inliers" } ?? ""
            lines.append(
                String(format: "    %.3f  ", candidate.score) + candidate.label
                    + String(format: "  similarity %.3f", candidate.parts.similarity) + inliers)
        }
        if answer.penalty > 0, let nearest = answer.nonLandmarks.first {
            lines.append(
                String(format: "   −%.3f  ", answer.penalty) + "like photos of no landmark, the nearest \(nearest.path)"
            )
        }
        return lines.joined(separator: "\n")
    }
}

/// Where maps get their pictures.
struct TileOptions: ParsableArguments {
    @Option(
        name: .customLong("tiles"),
        help: ArgumentHelp(
            "A tile server's address, such as https://tiles.example.org/{z}/{x}/{y}.png.",
            discussion: "Default: OpenStreetMap's, for pages on a web server.", valueName: "url"))
    var template: String?

    @Flag(help: "No map pictures: pages never use the network.")
    var noTiles = false

    /// Throws for an address that is none.
    var source: MapTiles? {
        get throws {
            if noTiles { return nil }
            return try template.map { try MapTiles(template: $0, attribution: $0) } ?? .openStreetMap
        }
    }
}
