import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct CleaningSheetTests {
    private func photos(_ name: String, _ range: Range<Int>, _ reason: String = "") -> [CleaningSheet.Photo] {
        range.map { .init(path: "/g/\(name)/\($0).jpg", reason: reason) }
    }

    private func labels(_ name: String = "tower") -> [CleaningSheet.Label] {
        [
            .init(name: "calm", clusters: [.init(newClass: "calm", photos: photos("calm", 0..<4))]),
            .init(
                name: name,
                clusters: [
                    .init(newClass: name, photos: photos("t", 0..<5)),
                    .init(newClass: name + "/2", photos: photos("t", 5..<8)),
                ],
                recovered: [.init(path: "/g/t/8.jpg", reason: "one neighbour within 0.40", newClass: name)],
                dropped: photos("t", 9..<11, "verified with 1 of 3 neighbours asked")),
            .init(name: "gone", clusters: [], dropped: photos("gone", 0..<3, "no neighbour within 0.30")),
        ]
    }

    private func sheet(_ labels: [CleaningSheet.Label], limits: CleaningSheet.Limits = .standard) throws
        -> CleaningSheet
    {
        try CleaningSheet(title: "Town", method: "DBSCAN, 0.30", labels: labels, limits: limits) { path in
            path.hasSuffix("/7.jpg") ? nil : try SheetFixture.image()
        }
    }

    @Test("figures add up, and labels come most changed first")
    func figures() throws {
        let sheet = try sheet(labels())
        #expect(sheet.labels.map(\.name) == ["gone", "tower", "calm"])
        #expect(sheet.photoCount == 18)
        #expect(CleaningSheet.Outcome.allCases.map(sheet.count) == [4, 8, 1, 5])
        #expect(sheet.classCount == 3)
        let page = sheet.render()
        let elements = try PageChecks.expectSound(page)
        #expect(elements.first { $0.name == "h1" }?.text == "2 of 3 labels changed; 5 photos dropped")
        let tiles = elements.filter { $0.name == "dd" && $0.attributes["class"] == "num" }.map(\.text)
        #expect(tiles == ["18", "3", "3", "1", "1", "27.8 %"])
        let kinds = elements.compactMap { $0.attributes["data-kinds"] }
        #expect(kinds == ["dropped gone", "split recovered dropped", "untouched"])
    }

    @Test("every dropped and recovered photo says why, in words")
    func reasons() throws {
        let page = try sheet(labels()).render()
        let texts = try SheetFixture.elements(of: page).filter { $0.name == "bdi" }.map(\.text)
        #expect(texts.count { $0 == "no neighbour within 0.30" } == 3)
        #expect(texts.count { $0 == "verified with 1 of 3 neighbours asked" } == 2)
        #expect(texts.contains("one neighbour within 0.40"))
    }

    @Test("a large set shows a bounded number of photos and pictures, and says what it leaves out")
    func limits() throws {
        var asked = 0
        let many = (0..<2000).map { index in
            CleaningSheet.Label(
                name: "label \(index)",
                clusters: [.init(newClass: "c\(index)", photos: photos("\(index)", 0..<9))],
                dropped: photos("\(index)", 9..<10, "no neighbour within 0.30"))
        }
        let sheet = try CleaningSheet(
            title: "Many", method: "", labels: many, limits: .init(thumbnails: 100, perGroup: 4)
        ) { _ in
            asked += 1
            return try SheetFixture.image()
        }
        #expect(asked == 100)
        // Four a label come first, one of them dropped: the budget reaches 25 labels.
        #expect(sheet.thumbnails.keys.count { $0.hasSuffix("/9.jpg") } == 25)
        let page = sheet.render()
        #expect(page.contains("100 of 20000 photos with pictures, 9900 by name alone, 10000 not shown."))
        #expect(page.components(separatedBy: "+ 5 not shown").count - 1 == 2000)
        let data = try #require(try PageChecks.data(of: page) as? [String])
        #expect(data.count == 100)
        let bare = try self.sheet(labels(), limits: .init(thumbnails: -1, perGroup: 0))
        #expect(bare.thumbnails.isEmpty)
        #expect(bare.render().contains("0 of 18 photos with pictures, 18 not shown."))
    }

    @Test("hostile names stay text, and nothing to clean is a page too")
    func hostileNames() throws {
        let name = SheetFixture.hostileName
        var odd = labels(name)
        odd[1].dropped = [.init(path: name, reason: name, newClass: name)]
        let elements = try PageChecks.expectSound(try sheet(odd).render())
        #expect(elements.contains { $0.name == "bdi" && $0.text.contains("<script>alert(1)") })
        let empty = try sheet([])
        try PageChecks.expectSound(empty.render())
        #expect(empty.render().contains("Nothing to clean"))
    }
}
