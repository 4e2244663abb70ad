import CairnCore
import CairnImaging
import Foundation
import Synchronization
import Testing

@testable import CairnDatasets

@Suite("Writing a sample town")
struct SampleTownWriterTests {
    /// A folder of its own, removed afterwards.
    private func inFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sample-town-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private func writer(workers: Int) throws -> SampleTownWriter {
        let town = try SampleTown(
            seed: 4, landmarks: 3, viewsPerLandmark: 2, lookAlikes: 2, distractors: 3, longSide: 96, difficulty: .easy)
        return SampleTownWriter(town: town, fileExtension: "ppm", workers: workers) { image in
            Data("P6 \(image.width) \(image.height) 255\n".utf8) + Data(image.pixels)
        }
    }

    private func files(in folder: URL) throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try paths.filter { !$0.hasSuffix("/") && $0.contains(".") }.reduce(into: [:]) { all, path in
            all[path] = try Data(contentsOf: folder.appendingPathComponent(path))
        }
    }

    @Test("the tree has a folder for each landmark, one for distractors, queries and truth")
    func layout() async throws {
        try await inFolder { folder in
            let writer = try writer(workers: 2)
            let calls = Mutex<[Int]>([])
            let records = try await writer.write(to: folder) { done, total in
                calls.withLock { $0.append(done) }
                #expect(total == 11)
            }
            let names = (0..<3).map { writer.town.label(of: $0).replacingOccurrences(of: " ", with: "_") }
            let written = try files(in: folder)
            var expected = Set(names.flatMap { ["\($0)/view00.ppm", "\($0)/view01.ppm"] })
            expected.formUnion([
                "queries.csv", "truth.json", "_distractor/lookalike00.ppm", "_distractor/lookalike01.ppm",
            ])
            expected.formUnion(["_distractor/street00.ppm", "_distractor/park01.ppm", "_distractor/street02.ppm"])
            #expect(Set(written.keys) == expected)
            #expect(calls.withLock { $0.last } == 11)

            let rows = String(decoding: try #require(written["queries.csv"]), as: UTF8.self).split(separator: "\n")
            #expect(rows.first == "image,landmark,kind")
            #expect(rows.dropFirst().map { $0.split(separator: ",")[0] } == names.map { "\($0)/view01.ppm" })

            let truth = try JSONDecoder().decode(SampleTownTruth.self, from: try #require(written["truth.json"]))
            #expect(truth.town == writer.town)
            #expect(truth.views == records)
            #expect(truth.views.filter { $0.landmark != nil }.allSatisfy { $0.homography != nil && $0.pose != nil })
            #expect(truth.views.filter { $0.kind == .lookAlike }.map(\.resembles) == [names[0], names[1]])

            // The files hold what the town renders by itself.
            let image = writer.town.view(landmark: 1, index: 1).image
            #expect(written["\(names[1])/view01.ppm"] == (try writer.encode(image)))
        }
    }

    @Test("the bytes do not depend on the number of workers")
    func workers() async throws {
        let one = try await inFolder { folder in
            try await writer(workers: 1).write(to: folder)
            return try files(in: folder)
        }
        let three = try await inFolder { folder in
            try await writer(workers: 3).write(to: folder)
            return try files(in: folder)
        }
        #expect(one == three)
    }

    @Test("a folder that holds something is left alone")
    func occupied() async throws {
        try await inFolder { folder in
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: folder.appendingPathComponent("note.txt"))
            let writer = try writer(workers: 1)
            let error = await #expect(throws: DatasetError.self) { try await writer.write(to: folder) }
            #expect(error?.kind == .conflict)
            #expect(try files(in: folder).keys.sorted() == ["note.txt"])
        }
    }

    @Test("an encoder's error is passed on with the file's name")
    func encoderFails() async throws {
        try await inFolder { folder in
            var writer = try writer(workers: 2)
            writer.encode = { _ in throw DatasetError(.failure, "no ink") }
            let error = await #expect(throws: DatasetError.self) { try await writer.write(to: folder) }
            #expect(error?.message.contains(".ppm") == true)
            #expect(error?.description.contains("no ink") == true)
        }
    }
}
