import CairnFormats
import Foundation
import Testing

extension CommandLineTests {
    /// `cairn rerank`, `classify` and `cluster`: descriptors in files, no collection.
    @Suite("Arrays of descriptors") struct ArrayCommandTests {
        /// Directions in a plane, in degrees, as unit rows of three numbers.
        private static func rows(_ degrees: [Double]) -> [[Float]] {
            degrees.map { [Float(cos($0 * .pi / 180)), Float(sin($0 * .pi / 180)), 0] }
        }

        @discardableResult
        private func write(_ rows: [[Float]], _ name: String, in sandbox: Sandbox) throws -> String {
            let path = "\(sandbox.root)/\(name)"
            try NPYFile.write(
                NumericArray(rows.flatMap(\.self), shape: [rows.count, rows.first?.count ?? 3]), to: path)
            return path
        }

        private func expectSentence(
            _ outcome: CairnProcess.Outcome, _ status: Int32, _ words: String...,
            at location: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.status == status && outcome.output.isEmpty, "\(outcome)", sourceLocation: location)
            for word in words {
                #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: location)
            }
            #expect(!outcome.errors.contains("Fatal") && outcome.signal == 0, sourceLocation: location)
        }

        private struct Rankings: Decodable {
            struct Entry: Decodable {
                var query: Int
                var rows: [Int32]
                var scores: [Float]
            }

            var rerank: String
            var results: [Entry]
        }

        @Test("rerank: int64 rows and float32 scores, [queries, top], the ranking that adding up by hand gives")
        func rerank() async throws {
            let sandbox = try Sandbox()
            let degrees: [Double] = [0, 9, 21, 90, 95, 180, 48]
            let gallery = try write(Self.rows(degrees), "g.npy", in: sandbox)
            let queries = try write(Self.rows([4, 92, 60]), "q.npy", in: sandbox)
            let plain = try await sandbox.run(
                "rerank", "--gallery", gallery, "--queries", queries, "--top", "3", "-o", "r.npy", "--scores", "s.npy")
            #expect(plain.status == 0 && plain.output.isEmpty, "\(plain.errors)")
            let rows = try NPYFile.read(contentsOf: sandbox.root + "/r.npy")
            let scores = try NPYFile.read(contentsOf: sandbox.root + "/s.npy")
            #expect(rows.elementType == .int64 && rows.shape == [3, 3])
            #expect(scores.elementType == .float32 && scores.shape == [3, 3])
            // 4° lies 4 and 5 from the first two; 60° lies 12 from 48°, 30 from 90° and 35 from 95°.
            #expect(try rows.integers() == [0, 1, 2, 3, 4, 6, 6, 3, 4])
            let expected = [4, 5, 17, 2, 3, 44, 12, 30, 35].map { Float(cos(Double($0) * .pi / 180)) }
            for (score, angle) in zip(scores.floats(), expected) { #expect(abs(score - angle) < 1e-6) }

            // The mean of 60° and 48° is 54°, from which 90° is 36 away and 21° 33.
            let expanded = try await sandbox.reply(
                Rankings.self, "rerank", "--gallery", gallery, "--queries", queries, "--rerank", "aqe:n=1", "--top",
                "4")
            #expect(expanded.rerank.hasPrefix("aqe") && expanded.results.map(\.query) == [0, 1, 2])
            #expect(expanded.results[2].rows == [6, 2, 3, 4], "\(expanded.results[2])")

            // Methods in a file are the same.
            _ = try sandbox.writeFile(Data(#"[{"method": "aqe", "n": 1}]"#.utf8), "m.json")
            let file = try await sandbox.reply(
                Rankings.self, "rerank", "--gallery", gallery, "--queries", queries, "--rerank", "@m.json", "--top",
                "4", "--threads", "1")
            #expect(file.results.map(\.rows) == expanded.results.map(\.rows) && file.rerank == expanded.rerank)

            let wide = try await sandbox.run(
                "rerank", "--gallery", gallery, "--queries", queries, "--top", "1000", "--rerank",
                "dba:k=2;alphaqe:n=3;diffusion:k=3", "-o", "w.npy")
            #expect(wide.status == 0 && wide.errors.contains("has 7 rows"), "\(wide.errors)")
            let all = try NPYFile.read(contentsOf: sandbox.root + "/w.npy")
            #expect(all.shape == [3, 7])
            #expect(try all.integers().prefix(7).sorted() == Array(0..<7))
        }

        @Test("rerank: labels decide where asked for, lengths are made one when told, none is an answer too")
        func rerankInputs() async throws {
            let sandbox = try Sandbox()
            let gallery = try write(Self.rows([0, 10, 20, 30]).map { $0.map { 3 * $0 } }, "g.npy", in: sandbox)
            let queries = try write(Self.rows([12]), "q.npy", in: sandbox)
            let long = try await sandbox.run(
                "rerank", "--gallery", gallery, "--queries", queries, "--json", "--top", "2")
            #expect(long.status == 0 && long.errors.contains("g.npy: row 0 has the length 3"), "\(long.errors)")
            let unit = try await sandbox.reply(
                Rankings.self, "rerank", "--gallery", gallery, "--queries", queries, "--normalize", "--top", "4")
            #expect(unit.results[0].rows == [1, 2, 0, 3] && unit.results[0].scores.allSatisfy { $0 <= 1.000_001 })
            _ = try sandbox.writeFile(Data("far\nnear\nfar\nnear\n".utf8), "labels.txt")
            let labelled = try await sandbox.reply(
                Rankings.self, "rerank", "--gallery", gallery, "--queries", queries, "--normalize", "--top", "4",
                "--rerank", "discriminative:n=4,k=1,threshold=0", "--gallery-labels", "labels.txt")
            #expect(labelled.results[0].rows.prefix(2) == [1, 3], "\(labelled.results)")
            let nobody = try write([], "none.npy", in: sandbox)
            for (first, second, shape) in [(gallery, nobody, [0, 4]), (nobody, queries, [1, 0])] {
                let outcome = try await sandbox.run(
                    "rerank", "--gallery", first, "--queries", second, "--normalize", "-o", "e.npy", "--rerank",
                    "dba;alphaqe;diffusion")
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(try NPYFile.read(contentsOf: sandbox.root + "/e.npy").shape == shape)
            }
        }

        @Test("rerank: what cannot be is told in a sentence with file and row")
        func rerankRefusals() async throws {
            let sandbox = try Sandbox()
            let good = try write(Self.rows([0, 10, 20]), "good.npy", in: sandbox)
            var broken = Self.rows([0, 10, 20])
            broken[1][2] = .nan
            let bad = try write(broken, "bad.npy", in: sandbox)
            broken[1][2] = .infinity
            let infinite = try write(broken, "infinite.npy", in: sandbox)
            let other = try write([[1, 0], [0, 1]], "other.npy", in: sandbox)
            try NPYFile.write(NumericArray([Float](repeating: 1, count: 4)), to: sandbox.root + "/flat.npy")
            _ = try sandbox.writeFile(Data("no array".utf8), "text.npy")
            _ = try sandbox.writeFile(Data("a\nb\n".utf8), "two.txt")
            func run(_ gallery: String, _ queries: String, _ more: String...) async throws -> CairnProcess.Outcome {
                try await sandbox.run(
                    ["rerank", "--gallery", gallery, "--queries", queries, "-o", "out.npy"] + more)
            }
            expectSentence(try await run("nothing.npy", good), 2, "nothing.npy")
            expectSentence(try await run(bad, good), 2, "bad.npy", "row 1")
            expectSentence(try await run(good, infinite), 2, "infinite.npy", "row 1")
            expectSentence(try await run("flat.npy", good), 2, "flat.npy", "[4]")
            expectSentence(try await run("text.npy", good), 2, "text.npy")
            expectSentence(try await run(good, other), 2, "other.npy has 2 dimensions", "good.npy 3")
            expectSentence(try await run(good, good, "--rerank", "best"), 64, "there is no re-ranking method “best”")
            expectSentence(try await run(good, good, "--rerank", "dba:k=x"), 64, "k")
            expectSentence(try await run(good, good, "--rerank", "verify"), 64, "compares photos")
            expectSentence(try await run(good, good, "--rerank", "@none.json"), 2, "none.json")
            expectSentence(try await run(good, good, "--rerank", "discriminative"), 64, "needs labels")
            expectSentence(
                try await run(good, good, "--gallery-labels", "two.txt"), 2, "two.txt has 2 labels", "3 rows")
            expectSentence(try await run(good, good, "--top", "0"), 64, "--top is 0")
            expectSentence(try await run(good, good, "--threads", "0"), 64, "--threads is 0")
            #expect(!FileManager.default.fileExists(atPath: sandbox.root + "/out.npy"))
            expectSentence(
                try await sandbox.run("rerank", "--gallery", good, "--queries", good, "-o", "none/out.npy"), 2,
                "there is no folder")
            expectSentence(
                try await sandbox.run("rerank", "--gallery", good, "--queries", good, "-o", "out.csv"), 64, ".npy")
            expectSentence(
                try await sandbox.run("rerank", "--gallery", good, "--queries", good), 64, "-o FILE")
            try FileManager.default.createDirectory(
                atPath: sandbox.root + "/folder.npy", withIntermediateDirectories: false)
            let folder = try await sandbox.run("rerank", "--gallery", good, "--queries", good, "-o", "folder.npy")
            #expect(folder.status == 1 && folder.errors.contains("folder.npy"), "\(folder)")
        }

        @Test("cluster: DBSCAN's labels as int64, noise -1; the summary counts them")
        func cluster() async throws {
            struct Summary: Decodable {
                var rows: Int
                var clusters: Int
                var noise: Int
                var sizes: [Int]
            }
            let sandbox = try Sandbox()
            // 1 - cos 10° is 0.0152; lengths do not matter.
            let rows = Self.rows([0, 90, 5, 95, 200, 10, 100, 15]).enumerated().map { place, row in
                row.map { $0 * Float(place + 1) }
            }
            let path = try write(rows, "x.npy", in: sandbox)
            let outcome = try await sandbox.run(
                "cluster", "--features", path, "--eps", "0.0155", "--min-samples", "3", "-o", "l.npy")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let labels = try NPYFile.read(contentsOf: sandbox.root + "/l.npy")
            #expect(labels.elementType == .int64 && labels.shape == [8])
            #expect(try labels.integers() == [0, 1, 0, 1, -1, 0, 1, 0])
            let summary = try await sandbox.reply(
                Summary.self, "cluster", "--features", path, "--eps", "0.0155", "--min-samples", "3")
            #expect(summary.rows == 8 && summary.clusters == 2 && summary.noise == 1 && summary.sizes == [4, 3])
            var broken = rows
            broken[6][0] = .nan
            let bad = try write(broken, "bad.npy", in: sandbox)
            expectSentence(try await sandbox.run("cluster", "--features", bad, "--json"), 2, "bad.npy", "row 6")
            expectSentence(try await sandbox.run("cluster", "--features", "no.npy", "--json"), 2, "no.npy")
            expectSentence(try await sandbox.run("cluster", "--features", path, "--eps", "0", "--json"), 64, "--eps is")
            expectSentence(
                try await sandbox.run("cluster", "--features", path, "--min-samples", "0", "--json"), 64,
                "--min-samples is 0")
            expectSentence(try await sandbox.run("cluster", "--features", path), 64, "-o FILE")
            let flat = sandbox.root + "/flat.npy"
            try NPYFile.write(NumericArray([Float](repeating: 1, count: 4)), to: flat)
            expectSentence(try await sandbox.run("cluster", "--features", flat, "--json"), 2, "flat.npy", "[4]")
            let nothing = try write([], "none.npy", in: sandbox)
            #expect(try await sandbox.reply(Summary.self, "cluster", "--features", nothing).clusters == 0)
        }

        @Test("classify: the label of the nearest rows, none for what is nearest to rows of no landmark")
        func classify() async throws {
            struct Answer: Decodable {
                var label: String?
                var probability: Double?
                var score: Double?
            }
            let sandbox = try Sandbox()
            let degrees = [0.0, 3, 6, 9, 60, 63, 66, 69] + (0..<20).map { 120 + 3 * Double($0) }
            let gallery = try write(Self.rows(degrees), "g.npy", in: sandbox)
            let queries = try write(Self.rows([4, 65, 140]), "q.npy", in: sandbox)
            let labels = ["tower", "tower", "tower", "tower", "gate, old", "gate, old", "gate, old", "gate, old"]
            let lines = labels + [String](repeating: "", count: 20)
            _ = try sandbox.writeFile(Data((lines.joined(separator: "\n") + "\n").utf8), "labels.txt")
            func run(_ more: String...) async throws -> CairnProcess.Outcome {
                try await sandbox.run(["classify", "--gallery", gallery, "--queries", queries] + more)
            }
            let outcome = try await run("--gallery-labels", "labels.txt", "--false-accepts", "10%", "-o", "out.csv")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let table = try String(contentsOfFile: sandbox.root + "/out.csv", encoding: .utf8)
            let rows = table.split(whereSeparator: \.isNewline)
            try #require(rows.count == 4, "\(table)")
            #expect(rows[0] == "query,label,probability,score,row,similarity")
            #expect(rows[1].hasPrefix("0,tower,") && rows[2].hasPrefix("1,\"gate, old\","), "\(table)")
            #expect(rows[3].hasPrefix("2,,"), "\(table)")
            #expect(rows[1].split(separator: ",")[4] == "1", "3° is the nearest to 4°: \(table)")
            let answers = try await sandbox.reply(
                [Answer].self, "classify", "--gallery", gallery, "--queries", queries, "--gallery-labels", "labels.txt",
                "--method", "nearest", "--false-accepts", "0.1")
            #expect(answers.map(\.label) == ["tower", "gate, old", nil])
            #expect(answers.allSatisfy { $0.probability != nil })

            // Without a row of no landmark, every query gets a label.
            let csv = "row,label\n" + degrees.indices.map { "\($0),l\($0 / 14)" }.joined(separator: "\n") + "\n"
            _ = try sandbox.writeFile(Data(csv.utf8), "all.csv")
            let all = try await run("--gallery-labels", "all.csv", "--json")
            #expect(all.status == 0 && all.errors.contains("so every query gets one"), "\(all.errors)")
            let given = try JSONDecoder().decode([Answer].self, from: Data(all.output.utf8))
            #expect(given.map(\.label) == ["l0", "l0", "l1"] || given.map(\.label) == ["l0", "l0", "l0"])
            #expect(given.allSatisfy { $0.probability == nil })

            _ = try sandbox.writeFile(Data("row,label\n0,a\n0,b\n".utf8), "twice.csv")
            expectSentence(try await run("--gallery-labels", "twice.csv", "--json"), 2, "twice.csv, line 3")
            expectSentence(try await run("--gallery-labels", "no.txt", "--json"), 2, "no.txt")
            for share in ["0", "200%", "1", "x", "-1%", "nan"] {
                expectSentence(
                    try await run("--gallery-labels", "labels.txt", "--json", "--false-accepts=\(share)"), 64,
                    "--false-accepts")
            }
            expectSentence(try await run("--gallery-labels", "labels.txt"), 64, "-o FILE")
        }
    }
}
