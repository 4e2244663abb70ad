import CairnFormats
import Foundation
import Testing

extension CommandLineTests {
    /// `cairn evaluate PROTOCOL`, `submit`, `datasets` and `ablate`, through the executable.
    @Suite("Protocols") struct EvaluationCommandTests {
        /// `pickle.dumps` with protocol 2: five images, three queries; for the first, row 0 is easy, 1 hard, 2 junk; for the second,
        /// 0 and 4 are easy; the third has nothing.
        private static let groundTruth = """
            gAJ9cQAoWAYAAABpbWxpc3RxAV1xAihYAQAAAGFxA1gBAAAAYnEEWAEAAABjcQVYAQAAAGRxBlgBAAAAZXEHZVgHAAAAcWltbGlz
            dHEIXXEJKFgBAAAAeHEKWAEAAAB5cQtYAQAAAHpxDGVYAwAAAGduZHENXXEOKH1xDyhYAwAAAGJieHEQXXERKEsASwBLCksKZVgE
            AAAAZWFzeXESXXETSwBhWAQAAABoYXJkcRRdcRVLAWFYBAAAAGp1bmtxFl1xF0sCYXV9cRgoaBBdcRkoSwBLAEsKSwplaBJdcRoo
            SwBLBGVoFF1xG2gWXXEcdX1xHShoEF1xHihLAEsASwpLCmVoEl1xH2gUXXEgaBZdcSF1ZXUu
            """

        private func sandbox() throws -> Sandbox {
            let sandbox = try Sandbox()
            let data = try #require(Data(base64Encoded: Self.groundTruth, options: .ignoreUnknownCharacters))
            try data.write(to: URL(fileURLWithPath: sandbox.root + "/gnd_roxford5k.pkl"))
            try NPYFile.write(
                NumericArray([4, 2, 0, 1, 3, 0, 2, 4, 1, 3, 0, 1, 2, 3, 4] as [Int64], shape: [3, 5]),
                to: sandbox.root + "/ranks.npy")
            return sandbox
        }

        private func write(_ text: String, _ name: String, in sandbox: Sandbox) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(sandbox.root)/\(name)"))
        }

        @Test("rankings for Revisited Oxford are scored as the authors' program scores them, and JSON has nothing else")
        func revisited() async throws {
            let sandbox = try sandbox()
            let figures = try await sandbox.reply(
                [String: [String: Double]].self, "evaluate", "roxford5k", "--ground-truth", "gnd_roxford5k.pkl",
                "--ranks",
                "ranks.npy")
            #expect(figures.keys.sorted() == ["easy", "hard", "medium"])
            // From revisitop's own evaluate.py on this input.
            #expect(abs((figures["medium"]?["mAP"] ?? 0) - 0.6041666666666666) < 1e-12)
            #expect(figures["medium"]?["mP@1"] == 0.5)
            #expect(abs((figures["medium"]?["mP@5"] ?? 0) - 2.0 / 3) < 1e-12)
            #expect(figures["easy"]?.keys.sorted() == ["mAP", "mP@1", "mP@10", "mP@5"])
            // Row 1 stands third among what is left without 0 and 2, and second without the junk above it.
            #expect(figures["hard"]?["mAP"] == 0.25)
        }

        @Test("descriptors give what their rankings give, and write them")
        func descriptors() async throws {
            let sandbox = try sandbox()
            // Similarities to query q fall in the order of its ranking.
            let order: [[Int]] = [[4, 2, 0, 1, 3], [0, 2, 4, 1, 3], [0, 1, 2, 3, 4]]
            var queries = [Float](repeating: 0, count: 3 * 8)
            var gallery = [Float](repeating: 0, count: 5 * 8)
            for query in 0..<3 { queries[query * 8 + query] = 1 }
            for row in 0..<5 {
                var rest: Float = 1
                for query in 0..<3 {
                    let value = 0.1 * Float(5 - (order[query].firstIndex(of: row) ?? 0))
                    gallery[row * 8 + query] = value
                    rest -= value * value
                }
                gallery[row * 8 + 3 + row] = rest.squareRoot()
            }
            try NPYFile.write(NumericArray(gallery, shape: [5, 8]), to: sandbox.root + "/g.npy")
            try NPYFile.write(NumericArray(queries, shape: [3, 8]), to: sandbox.root + "/q.npy")
            let figures = try await sandbox.reply(
                [String: [String: Double]].self, "evaluate", "roxford5k", "--ground-truth", "gnd_roxford5k.pkl",
                "--features", "g.npy", "--query-features", "q.npy", "--output-ranks", "out.npy", "--curves", "curves")
            #expect(abs((figures["medium"]?["mAP"] ?? 0) - 0.6041666666666666) < 1e-12)
            #expect(
                try NPYFile.read(contentsOf: sandbox.root + "/out.npy").integers()
                    == order.flatMap { $0.map(Int64.init) })
            let curve = try String(contentsOfFile: sandbox.root + "/curves/precision-recall.svg", encoding: .utf8)
            #expect(curve.hasPrefix("<svg") || curve.hasPrefix("<?xml"))
            #expect(curve.contains("medium"))

            let alone = try await sandbox.run(
                "evaluate", "roxford5k", "--ground-truth", "gnd_roxford5k.pkl", "--features", "g.npy")
            #expect(alone.status == 64 && alone.errors.contains("--query-features"))
        }

        @Test("Google Landmarks' predictions: GAP of 1/6, and mAP@100 of 11/24, as the public scorer's tests have them")
        func landmarks() async throws {
            let sandbox = try sandbox()
            try write(
                "id,landmarks,Usage\n0123456789abcdef,0 12,Private\n0223456789abcdef,100 200 300,Private\n0323456789abcdef,1,Private\n0423456789abcdef,,Private\n0523456789abcdef,,Private\n",
                "S.csv", in: sandbox)
            try write(
                "id,landmarks\n0223456789abcdef,0 0.01\n0323456789abcdef,1 10.0\n0423456789abcdef,150 15.0\n", "P.csv",
                in: sandbox)
            let gap = try await sandbox.reply(
                [String: Double].self, "evaluate", "gldv2-recognition", "--solution", "S.csv", "--predictions", "P.csv")
            #expect(gap.keys.sorted() == ["GAP"] && abs((gap["GAP"] ?? 0) - 1.0 / 6) < 1e-12)

            try write(
                "id,images,Usage\n0123456789abcdef,fedcba9876543210 fedcba9876543220,Private\n0223456789abcdef,fedcba9876543210,Private\n0323456789abcdef,fedcba9876543230 fedcba9876543240 fedcba9876543250,Private\n0423456789abcdef,fedcba9876543230,Private\n",
                "R.csv", in: sandbox)
            try write(
                "id,images\n0223456789abcdef,fedcba9876543200 fedcba9876543210\n0323456789abcdef,fedcba9876543240\n0423456789abcdef,fedcba9876543230 fedcba9876543240\n",
                "Q.csv", in: sandbox)
            let map = try await sandbox.reply(
                [String: Double].self, "evaluate", "gldv2-retrieval", "--solution", "R.csv", "--predictions", "Q.csv")
            #expect(map.keys.sorted() == ["mAP@100"] && abs((map["mAP@100"] ?? 0) - 11.0 / 24) < 1e-12)
        }

        @Test("photos of one's own by two lists, searched with a part of a photo, as a page and as a submission")
        func lists() async throws {
            let sandbox = try sandbox()
            // A contest's file parts names by spaces.
            let names = TownPhoto.all.prefix(9).map { $0.name.replacing(" ", with: "_") }
            for (name, photo) in zip(names, TownPhoto.all) { try sandbox.write(photo.content, to: name) }
            let labels = names.map { $0.split(separator: "/")[0] }
            try sandbox.write(
                Data(("image,label\n" + zip(names, labels).map { "\($0),\($1)\n" }.joined()).utf8), to: "gallery.csv")
            try sandbox.write(
                Data(
                    ("image,label,x0,y0,x1,y1\n\(names[0]),\(labels[0]),20,20,250,200\n\(names[3]),\(labels[3]),,,,\n")
                        .utf8), to: "queries.csv")
            struct Reply: Decodable {
                var map: Double
                var timings: [String: [String: Double]]
                enum CodingKeys: String, CodingKey {
                    case map = "mAP"
                    case timings = "timings_ms"
                }
            }
            let reply = try await sandbox.reply(
                Reply.self, "evaluate", "csv", sandbox.photos, "--html", "page.html", "--html-queries", "1")
            #expect(reply.map > 0.7)
            #expect(reply.timings["search"] != nil)
            let page = try String(contentsOfFile: sandbox.root + "/page.html", encoding: .utf8)
            #expect(page.contains("1 of 2") || page.contains("worst"))

            // The same features, kept since, as a contest's file.
            let submitted = try await sandbox.run(
                "submit", "gldv2-retrieval", sandbox.photos, "--layout", "csv", "-o", "s.csv")
            #expect(submitted.status == 0, "\(submitted.errors)")
            let text = try String(contentsOfFile: sandbox.root + "/s.csv", encoding: .utf8)
            let lines = text.split(separator: "\n")
            #expect(lines.count == 3 && lines[0] == "id,images" && lines[1].hasPrefix(names[0] + ","))

            // A query that its ground truth counts as found is found by itself, and nothing else is right.
            try sandbox.write(Data("image,positives\n\(names[0]),\(names[0])\n".utf8), to: "queries.csv")
            let itself = try await sandbox.reply(Reply.self, "evaluate", "csv", sandbox.photos)
            #expect(itself.map == 1)

            // A part that lies outside of its photo.
            try sandbox.write(
                Data("image,label,x0,y0,x1,y1\n\(names[0]),\(labels[0]),5000,0,6000,100\n".utf8), to: "queries.csv")
            let outside = try await sandbox.run("evaluate", "csv", sandbox.photos)
            #expect(outside.status != 0 && outside.errors.contains("region"), "\(outside.errors)")
        }

        @Test("a user's own collection is never emptied for a benchmark")
        func ownCollection() async throws {
            let sandbox = try sandbox()
            try sandbox.writeTown(6)
            #expect(try await sandbox.run("index", sandbox.photos).status == 0)
            let folder = sandbox.root + "/few"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let photo = try #require(
                try FileManager.default.subpathsOfDirectory(atPath: sandbox.photos).first { $0.hasSuffix("jpg") })
            for copy in ["a", "b"] {
                try FileManager.default.createDirectory(atPath: "\(folder)/x", withIntermediateDirectories: true)
                try FileManager.default.copyItem(
                    atPath: "\(sandbox.photos)/\(photo)", toPath: "\(folder)/x/\(copy).jpg")
            }
            let outcome = try await sandbox.run("evaluate", "folders", folder, "--collection", sandbox.collection)
            #expect(
                outcome.status != 0 && outcome.errors.contains("6 photos that are not the data set’s"),
                "\(outcome.errors)")
            #expect(try await sandbox.run("info", "--json").output.contains("\"images\" : 6"))
        }

        @Test("ablate measures variants, keeps what it measured, and writes the report three times")
        func ablate() async throws {
            let sandbox = try sandbox()
            try sandbox.writeTown(9)
            try write(
                """
                title: Town
                data: {directory: My Photos}
                baseline: verified
                variants:
                  - {name: unverified, verify: false}
                  - {name: verified, expand: 0}
                """, "town.yaml", in: sandbox)
            let first = try await sandbox.run("ablate", "town.yaml", "--output", "out")
            #expect(first.status == 0, "\(first.errors)")
            for name in ["report.md", "report.html", "report.json"] {
                #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/out/\(name)"))
            }
            #expect(first.output.contains("| unverified |") && first.output.contains("baseline"))
            let results = sandbox.root + "/out/results"
            let kept = try FileManager.default.contentsOfDirectory(atPath: results).sorted()
            #expect(kept.count == 2)
            let second = try await sandbox.run("ablate", "town.yaml", "--output", "out")
            #expect(second.output == first.output)

            try write("title: Town\nvariants: [{name: a, shortlst: 3}]\n", "wrong.yaml", in: sandbox)
            let wrong = try await sandbox.run("ablate", "wrong.yaml", "--output", "out")
            #expect(wrong.status != 0 && wrong.errors.contains("wrong.yaml:2") && wrong.errors.contains("shortlist"))
        }

        @Test("datasets: what there is, what goes where, and what is missing")
        func datasets() async throws {
            let sandbox = try sandbox()
            let list = try await sandbox.run("datasets", "list")
            #expect(list.status == 0 && list.output.contains("roxford5k") && list.output.contains("market1501"))
            let shown = try await sandbox.run("datasets", "show", "gldv2-retrieval")
            #expect(shown.status == 0 && shown.output.contains("index.csv"))
            try sandbox.writeTown(3)
            let whole = try await sandbox.run("datasets", "verify", "folders", sandbox.photos)
            #expect(whole.status == 0, "\(whole.errors)")
            let missing = try await sandbox.run("datasets", "verify", "roxford5k", sandbox.root)
            #expect(missing.status == 2 && (missing.output + missing.errors).contains("jpg/"), "\(missing)")
            let other = try await sandbox.run("evaluate", "holidays", sandbox.photos)
            #expect(other.status == 2 && other.errors.contains("published at"), "\(other.errors)")
        }
    }
}
