import ArgumentParser
import Cairn
import CairnCore
import CairnFeatures
import CairnTerminal
import Foundation

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation and a collection.",
        discussion: """
            EXAMPLES
              cairn doctor
              cairn doctor --deep                      check every byte that is stored
            """)

    @OptionGroup var location: CollectionOptions

    @Flag(help: "Read everything that is stored.")
    var deep = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        var report = Report()
        report.versions = Installation.versions
        report.processor = Installation.processor
        for vocabulary in ShippedVocabulary.allCases {
            do {
                let words = try vocabulary.load()
                report.vocabularies.append("\(vocabulary.rawValue): \(words.count) words")
            } catch {
                report.problems.append("\(error)")
            }
        }
        if FileManager.default.fileExists(atPath: location.path) {
            report.collection = location.path
            let collection = try ImageCollection.open(at: location.path)
            report.images = try collection.statistics().images
            report.problems += try collection.checkIntegrity(deep: deep).map(\.description)
        } else if location.collection != nil {
            throw CommandError(
                kind: .notFound, message: "there is no collection at \(location.path); cairn index makes one")
        }
        if json { try Console.printJSON(report) } else { Self.print(report) }
        guard report.problems.isEmpty else { throw ExitCode(4) }
    }

    private static func print(_ report: Report) {
        for (name, version) in report.versions.sorted(by: { $0.key < $1.key }) {
            Console.print(name.padding(toLength: 14, withPad: " ", startingAt: 0) + version)
        }
        Console.print("processor     \(report.processor)")
        for line in report.vocabularies { Console.print("vocabulary    \(line)") }
        if let collection = report.collection {
            Console.print("collection    \(collection): \(report.images ?? 0) images")
        } else {
            Console.print("collection    none yet")
        }
        for problem in report.problems { Console.print("PROBLEM       \(problem)") }
        Console.print(report.problems.isEmpty ? "All is well." : "\(report.problems.count) problems.")
    }

    private struct Report: Encodable {
        var versions: [String: String] = [:]
        var processor = ""
        var vocabularies: [String] = []
        var collection: String?
        var images: Int?
        var problems: [String] = []
    }
}
