import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct ResultSheetTests {
    private func entry(
        _ rank: Int, _ path: String, inliers: Int?, verified: Bool, lines: Int = 0
    ) throws -> ResultSheet.Entry {
        ResultSheet.Entry(
            rank: rank, path: path, thumbnail: try SheetFixture.image(), matchImage: try SheetFixture.image(90, 60),
            details: ResultSheet.Details(
                size: ImageSize(width: 4000, height: 3000), captured: "12 May 2019", latitude: 48.5, longitude: -2.25),
            score: 0.5, inliers: inliers, isVerified: verified,
            stages: [.init(name: "local <index>", value: Double(5 - rank)), .init(name: "bad", value: .nan)],
            lines: (0..<lines).map { index in
                let share = Double(index) / Double(max(1, lines))
                return .init(source: .init(x: share, y: 0.5), target: .init(x: 0.25, y: .infinity))
            },
            queryRegion: [.init(x: 0, y: 0), .init(x: 1, y: 0), .init(x: 1, y: .nan)], region: [.init(x: -0.5, y: 1.5)])
    }

    private func sheet(_ entries: [ResultSheet.Entry]) throws -> ResultSheet {
        ResultSheet(
            query: .init(
                path: "/photos/" + SheetFixture.hostileName, image: try SheetFixture.image(),
                details: .init(size: ImageSize(width: 640, height: 480))),
            entries: entries, collectionSize: 265, timings: [.init(name: "search", value: 3.87)])
    }

    private func data(of page: String) throws -> [String: Any] {
        let script = try #require(try SheetFixture.elements(of: page).first { $0.attributes["id"] == "data" })
        return try #require(try JSONSerialization.jsonObject(with: Data(script.text.utf8)) as? [String: Any])
    }

    @Test("the headline says in words what was found")
    func headline() throws {
        let none: [ResultSheet.Entry] = []
        #expect(try sheet(none).headline == "Nothing found")
        let entries = [
            try entry(1, "a", inliers: 143, verified: true), try entry(2, "b", inliers: 20, verified: true),
            try entry(3, "c", inliers: 4, verified: false),
        ]
        #expect(try sheet(entries).headline == "2 of 3 results verified; best: 143 inliers")
        #expect(try sheet([entries[2]]).headline == "None of 1 result verified")
        #expect(try sheet([entry(1, "a", inliers: nil, verified: false)]).headline == "1 result, not verified")
        #expect(
            try sheet([entry(1, "a", inliers: 1, verified: true)]).headline == "1 of 1 result verified; best: 1 inlier")
    }

    @Test("a page with hostile names is well-formed and runs only its own script")
    func hostileNames() throws {
        let path = SheetFixture.hostileName + "/" + SheetFixture.hostileName
        let page = try sheet([entry(1, path, inliers: 12, verified: true, lines: 3)]).render()
        let elements = try SheetFixture.elements(of: page)
        #expect(elements.count { $0.name == "script" } == 2)
        #expect(page.components(separatedBy: "</script>").count == 3)
        let handlers = elements.flatMap(\.attributes.keys).filter { $0.hasPrefix("on") }
        #expect(handlers.isEmpty)
        // The name is still there to read, less what would forge it.
        let names = elements.filter { $0.name == "bdi" }.map(\.text)
        #expect(names.contains { $0.contains("<script>alert(1)") })
        for forbidden in ["\u{01}", "\u{202E}", "\u{2028}", "\u{FFFF}"] { #expect(!page.contains(forbidden)) }
    }

    @Test("a page names no address outside itself and forbids loading anything")
    func selfContained() throws {
        let page = try sheet([entry(1, "a.jpg", inliers: 12, verified: true, lines: 3)]).render()
        for scheme in ["http:", "https:", "//cdn", "@import", "ftp:", "file:"] {
            #expect(!page.lowercased().contains(scheme), "\(scheme)")
        }
        let elements = try SheetFixture.elements(of: page)
        for element in elements {
            for name in ["src", "href"] {
                let value = element.attributes[name] ?? "data:"
                #expect(value.hasPrefix("data:") || value.hasPrefix("#"))
            }
        }
        let policy = elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"]
        #expect(policy?.hasPrefix("default-src 'none'; img-src data:;") == true)
    }

    @Test("every picture has a text, every button a name")
    func accessibility() throws {
        let page = try sheet([entry(1, "a.jpg", inliers: 12, verified: true)]).render()
        for element in try SheetFixture.elements(of: page) {
            if element.name == "img" { #expect(element.attributes["alt"]?.isEmpty == false) }
            if element.name == "button" {
                #expect(element.attributes["aria-label"] != nil || !element.text.isEmpty, "\(element)")
            }
        }
        #expect(page.contains("48.50000° N, 2.25000° W"))
        #expect(page.contains("✓</span>12 inliers"))
    }

    @Test("lines are packed as ten-thousandths, selected evenly above the limit, and never not a number")
    func lines() throws {
        let few = try data(of: sheet([entry(1, "a", inliers: 2, verified: true, lines: 2)]).render())
        let entries = try #require(few["entries"] as? [[String: Any]])
        #expect(entries[0]["lines"] as? [Int] == [0, 5000, 2500, 90_000, 5000, 5000, 2500, 90_000])
        #expect(entries[0]["queryRegion"] as? [Int] == [0, 0, 10_000, 0, 10_000, 0])
        #expect(entries[0]["region"] as? [Int] == [-5000, 15_000])

        let many = try data(of: sheet([entry(1, "a", inliers: 900, verified: true, lines: 900)]).render())
        let packed = try #require((many["entries"] as? [[String: Any]])?[0]["lines"] as? [Int])
        #expect(packed.count == 4 * ResultSheet.lineLimit)
        let starts = stride(from: 0, to: packed.count, by: 4).map { packed[$0] }
        #expect(starts == (0..<300).map { Int((Double($0 * 3) / 900 * 10_000).rounded()) })
        #expect((many["entries"] as? [[String: Any]])?[0]["total"] as? Int == 900)
    }

    @Test("a stage's bars are relative to the best result of that stage")
    func bars() throws {
        let page = try sheet([1, 3].map { try entry($0, "\($0)", inliers: 9, verified: true) }).render()
        let bars = try SheetFixture.elements(of: page).filter { $0.name == "i" }.compactMap { $0.attributes["style"] }
        #expect(bars == ["width:100.0%", "width:0.0%", "width:50.0%", "width:0.0%"])
        #expect(page.contains("local &lt;index&gt;"))
    }

    @Test("a picture that is no JPEG or too large is refused")
    func pictures() throws {
        let image = try SheetImage(jpeg: SheetFixture.jpeg(width: 320, height: 200), limit: SheetImage.thumbnailLimit)
        #expect(image.size == ImageSize(width: 320, height: 200))
        let large = #expect(throws: EvaluationError.self) {
            try SheetImage(jpeg: SheetFixture.jpeg(width: 200, height: 321), limit: SheetImage.thumbnailLimit)
        }
        #expect(large?.kind == .limitExceeded)
        let whole = SheetFixture.jpeg(width: 8, height: 8)
        for data in [Data(), Data("GIF89a, not a JPEG".utf8), whole.prefix(12), SheetFixture.jpeg(width: 0, height: 8)]
        {
            let error = #expect(throws: EvaluationError.self) { try SheetImage(jpeg: data, limit: 320) }
            #expect(error?.kind == .invalidInput)
        }
    }
}
