import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct DuplicatesSheetTests {
    private func groups(_ name: String = "a.jpg") throws -> [DuplicatesSheet.Group] {
        let large = ImageSize(width: 4032, height: 3024)
        return [
            .init(
                photos: [
                    .init(
                        path: "/p/small.jpg", thumbnail: try SheetFixture.image(), size: .init(width: 640, height: 480),
                        bytes: 214_499, similarity: 0.981, inliers: 402),
                    .init(path: "/p/" + name, thumbnail: try SheetFixture.image(), size: large, bytes: 3_400_000),
                    .init(path: "/p/copy/" + name, thumbnail: nil, size: large, bytes: 3_400_000, isExactCopy: true),
                ], keep: 1, reason: "largest, oldest"),
            .init(
                photos: [.init(path: "/p/x", thumbnail: nil), .init(path: "/p/y", thumbnail: nil)], keep: 0, reason: ""),
        ]
    }

    @Test("the headline counts what could go, and the suggested photo alone is ticked")
    func suggestion() throws {
        let sheet = DuplicatesSheet(groups: try groups(), collectionSize: 1263, method: "similarity of at least 0.92")
        #expect(sheet.headline == "2 groups of duplicates, 3 photos to spare")
        #expect(sheet.sparedBytes == 3_614_499)
        let page = sheet.render()
        let elements = try PageChecks.expectSound(page)
        #expect(page.contains("3.6 MB to gain · compared 1263 photos · similarity of at least 0.92"))
        let boxes = elements.filter { $0.name == "input" }
        #expect(boxes.map { $0.attributes["checked"] != nil } == [false, true, false, true, false])
        #expect(page.contains(": <bdi>largest, oldest</bdi>"))
        #expect(page.contains("similarity 0.9810 · 402 inliers"))
        #expect(page.contains("1 exact copy</span>"))
        #expect(page.contains("<li>640 × 480</li><li>214 kB</li>"))
        #expect(elements.count { $0.text == "4032 × 3024 (largest)" } == 2)
    }

    @Test("the list of paths holds every path byte by byte, however hostile")
    func paths() throws {
        let name = SheetFixture.hostileName + "\n\u{7F}\u{85}é"
        let page = DuplicatesSheet(groups: try groups(name)).render()
        let elements = try PageChecks.expectSound(page)
        #expect(elements.contains { $0.name == "bdi" && $0.text.contains("<script>alert(1)") })
        let data = try #require(try PageChecks.data(of: page) as? [String: Any])
        let listed = try #require(data["groups"] as? [[String: Any]])
        #expect(listed[0]["paths"] as? [String] == ["/p/small.jpg", "/p/" + name, "/p/copy/" + name])
        #expect(listed[0]["keep"] as? Int == 1)
        #expect(listed[1]["bytes"] as? [Int] == [0, 0])
    }

    @Test("groups past the limit are in the list of paths, and the page says so")
    func limit() throws {
        let page = DuplicatesSheet(groups: try groups(), groupLimit: 1).render()
        let elements = try PageChecks.expectSound(page)
        #expect(elements.count { $0.attributes["data-group"] != nil } == 1)
        #expect(page.contains("1 more group not shown; their paths are in the list."))
        let data = try #require(try PageChecks.data(of: page) as? [String: Any])
        #expect((data["groups"] as? [Any])?.count == 2)
        #expect((data["pictures"] as? [Any])?.count == 2)
    }

    @Test("no duplicates is a page without buttons for them")
    func none() throws {
        let page = DuplicatesSheet(groups: [], collectionSize: 1).render()
        let elements = try PageChecks.expectSound(page)
        #expect(elements.first { $0.name == "h1" }?.text == "No duplicates")
        #expect(!elements.contains { $0.attributes["id"] == "copy-all" })
        #expect(page.contains("compared 1 photo<"))
    }
}
