import ArgumentParser
import CairnAlgebra
import CairnCore
import CairnModelLibrary
import CairnTerminal
import Foundation

struct WhitenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whiten", abstract: "Learn whitenings of global descriptors.",
        subcommands: [WhitenLearnCommand.self])
}

struct WhitenLearnCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Learn a whitening from photos, and apply it wherever the model is used.",
        discussion: """
            PCA whitening is learned from any photos; learned whitening from photos that show the same thing, one folder a \
            thing. Use photos other than those that are searched. The model's digest changes: collections made with it \
            before need the model as it was, so --as keeps that and makes a new one.

            EXAMPLES
              cairn whiten learn ~/Photos --model r50 --as r50w --dimensions 512
              cairn whiten learn landmarks/ --model r50 --as r50lw --method pairs
            """)

    @Argument(help: ArgumentHelp("Folders of photos.", valueName: "dir"))
    var folders: [String]

    @Option(help: ArgumentHelp("The model.", valueName: "name"))
    var model: String

    @Option(name: .customLong("as"), help: ArgumentHelp("A name for the whitened model.", valueName: "name"))
    var newName: String?

    @Option(help: ArgumentHelp("pca (default) or pairs.", valueName: "name"))
    var method: WhiteningMethod = .pca

    @Option(help: ArgumentHelp("Entries of a descriptor after whitening; all by default.", valueName: "count"))
    var dimensions: Int?

    @Option(
        help: ArgumentHelp(
            "Share of the mean variance that is added to each direction: for few photos, 0.01, say.",
            valueName: "share"))
    var shrinkage = 0.0

    @Flag(help: "Print the model's record as JSON.")
    var json = false

    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var reading: ReadingOptions

    func validate() throws {
        if let dimensions, dimensions < 1 {
            throw ValidationError("--dimensions is \(dimensions); it must be at least 1.")
        }
        guard shrinkage >= 0, shrinkage <= 1 else {
            throw ValidationError("--shrinkage is \(shrinkage); it must be from 0 to 1.")
        }
    }

    func run() async throws {
        if let newName { try ModelLibrary.requireFree(name: newName) }
        let library = ModelLibrary.standard
        let record = try library.record(named: model)
        let extractor = try library.globalModel(named: model, runtime: runtime.runtime(.throughput))
        let classes = try WhiteningPhotos.read(folders)
        let paths = classes.flatMap(\.paths)
        let bar = ProgressBar("Describing", unit: "photos")
        let results = extractor.descriptors(
            ofPhotosAt: paths, whitened: false, maximumPixels: reading.options.maximumPixels
        ) { bar.update(done: $0, total: paths.count) }
        bar.finish()
        var rows: [[Float]] = []
        var place: [String: Int] = [:]
        for (path, result) in zip(paths, results) {
            switch result {
            case .success(let row):
                place[path] = rows.count
                rows.append(row)
            case .failure(let error):
                Console.note("skipped: \((error as? any CairnError)?.sentence(advice: \.advice) ?? "\(error)")")
            }
        }
        guard !rows.isEmpty else {
            throw CommandError(
                kind: .invalidInput, message: "there is no usable photo in \(folders.joined(separator: ", "))")
        }
        let matrix = try DescriptorMatrix(rows: rows)
        let digest = try library.unwhitenedDigest(of: record)
        let whitening: Whitening
        switch method {
        case .pca:
            whitening = try PCAWhitening(outputDimensions: dimensions, shrinkage: shrinkage)
                .learn(from: matrix, modelDigest: digest)
        case .pairs:
            let pairs = classes.flatMap { $0.pairs(among: place) }
            guard !pairs.isEmpty else {
                throw CommandError(
                    kind: .invalidInput,
                    message: "there are no pairs: put photos that show the same thing into a folder of their own")
            }
            whitening = try LearnedWhitening(outputDimensions: dimensions, shrinkage: shrinkage)
                .learn(from: matrix, pairs: pairs, modelDigest: digest)
        }
        let changed = try library.setWhitening(whitening, of: model, as: newName)
        if json {
            try Console.printJSON(ModelListing(changed))
        } else {
            Console.print(
                "\(changed.name): \(whitening.inputDimensions) → \(whitening.outputDimensions) dimensions, learned from \(rows.count) photos"
            )
        }
    }
}

/// Whitenings as they are named on the command line.
enum WhiteningMethod: String, ExpressibleByArgument, CaseIterable {
    case pca, pairs
}

/// Photos of one folder: what shows the same thing, when pairs are asked for.
struct WhiteningPhotos {
    var paths: [String]

    /// One entry for each folder that has photos directly in it.
    static func read(_ folders: [String]) throws -> [WhiteningPhotos] {
        var groups: [String: [String]] = [:]
        for folder in folders {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
                throw CommandError(kind: .notFound, message: "there is no folder \(folder)")
            }
            for path in PhotoFiles.below(folder) {
                groups[(path as NSString).deletingLastPathComponent, default: []].append(path)
            }
        }
        return groups.sorted { $0.key < $1.key }.map { WhiteningPhotos(paths: $0.value) }
    }

    /// Every pair of usable photos of the folder.
    func pairs(among place: [String: Int]) -> [LearnedWhitening.Pair] {
        let rows = paths.compactMap { place[$0] }
        return rows.indices.flatMap { first in
            rows[(first + 1)...].map { LearnedWhitening.Pair(query: rows[first], positive: $0) }
        }
    }
}
