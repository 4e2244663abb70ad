import CairnCore
import CairnEvaluation
import Foundation
import Testing

@Suite struct RecognitionSheetTests {
    private func photo(_ path: String, _ label: String, inliers: Int?, readable: Bool = true) throws
        -> RecognitionSheet.EvidencePhoto
    {
        RecognitionSheet.EvidencePhoto(
            path: path, label: label, thumbnail: readable ? try SheetFixture.image() : nil,
            matchImage: readable ? try SheetFixture.image(90, 60) : nil, similarity: 0.8, inliers: inliers,
            isVerified: (inliers ?? 0) >= 10, contribution: 0.25,
            lines: [.init(source: .init(x: 0.5, y: 0.25), target: .init(x: 0.1, y: .nan))])
    }

    private func sheet(
        label: String?, probability: Double?, threshold: Double? = 0.62, map: MapView? = nil,
        name: String = "tower", evidence: Bool = true
    ) throws -> RecognitionSheet {
        let parts = { (votes: Double, against: Double) in
            [RecognitionSheet.Part(name: "votes", value: votes), .init(name: "non-landmarks <b>", value: against)]
        }
        return RecognitionSheet(
            query: .init(
                path: "/q/" + name, image: try SheetFixture.image(), details: .init(size: .init(width: 9, height: 6))),
            answer: .init(
                label: label, probability: probability, threshold: threshold, falseAcceptRate: 0.01,
                candidates: [
                    .init(label: name, score: 3, probability: probability, parts: parts(2, -0.5)),
                    .init(label: "other", score: 1, probability: 0.1, parts: parts(1, -1)),
                    .init(label: "odd", score: .nan, parts: parts(.nan, .infinity)),
                ]),
            evidence: evidence
                ? [
                    try photo("/g/" + name, name, inliers: 143),
                    try photo("/g/lost", name, inliers: 20, readable: false),
                    try photo("/g/c", "other", inliers: nil),
                ] : [],
            nonLandmarks: [try photo("/d/" + name, "", inliers: nil)], map: map,
            gallery: .init(images: 1263, labels: 208), timings: [.init(name: "search", value: 3.87)])
    }

    @Test("an accepted answer stands in the headline, with its probability and the threshold on a bar")
    func accepted() throws {
        let page = try sheet(label: "tower", probability: 0.973).render()
        let elements = try PageChecks.expectSound(page)
        #expect(elements.first { $0.name == "bdi" && $0.text == "tower" } != nil)
        #expect(page.contains("97.3 %</b> probability"))
        #expect(page.contains("Refused below 62.0 %, chosen for 1 % false accepts"))
        #expect(elements.contains { $0.name == "b" && $0.attributes["style"] == "left:62.0%" })
        let meter = try #require(elements.first { $0.attributes["role"] == "meter" })
        #expect(meter.attributes["aria-valuenow"] == "97.30")
        #expect(page.contains("2 photos of it verified, the best with 143 inliers."))
        #expect(page.contains("asked 208 labels with 1263 photos · search 3.9 ms"))
    }

    @Test("a refused answer says none of these, what was nearest, and what it lacked")
    func refused() throws {
        let refused = try sheet(label: nil, probability: 0.31)
        #expect(refused.headline == "None of these")
        let page = refused.render()
        try PageChecks.expectSound(page)
        #expect(page.contains("The nearest is tower at 31.0 %, below the 62.0 % an answer needs."))
    }

    @Test("without calibration there is no bar, without candidates there is a hint")
    func bare() throws {
        let query = ResultSheet.Query(
            path: "q", image: try SheetFixture.image(), details: .init(size: .init(width: 1, height: 1)))
        let page = RecognitionSheet(query: query, answer: .init(label: nil, candidates: []), evidence: []).render()
        let elements = try PageChecks.expectSound(page)
        #expect(!elements.contains { $0.attributes["role"] == "meter" })
        #expect(page.contains("No labelled photo came near this one."))
        let open = try sheet(label: "tower", probability: 0.4, threshold: nil).render()
        #expect(open.contains("No threshold is set"))
    }

    @Test("parts are drawn from a middle line, relative to the largest of the same name")
    func parts() throws {
        let page = try sheet(label: "tower", probability: 0.9).render()
        let bars = try SheetFixture.elements(of: page).filter {
            ["plus", "minus"].contains($0.attributes["class"] ?? "")
        }
        let widths = bars.map { "\($0.attributes["class"] ?? "") \($0.attributes["style"] ?? "")" }
        #expect(
            widths == [
                "plus width:50.0%", "minus width:25.0%", "plus width:25.0%", "minus width:50.0%", "plus width:0.0%",
                "plus width:0.0%",
            ])
        #expect(page.contains("−0.5000") && page.contains("non-landmarks &lt;b&gt;"))
    }

    @Test("the match view has an entry for every photo that can be opened, in the same order")
    func matchView() throws {
        let page = try sheet(label: "tower", probability: 0.9).render()
        let openers = try SheetFixture.elements(of: page).filter { $0.attributes["class"] == "open" }
        #expect(openers.map { $0.attributes["data-entry"] } == ["0", "1"])
        let data = try #require(try PageChecks.data(of: page) as? [String: Any])
        let entries = try #require(data["entries"] as? [[String: Any]])
        #expect(entries.map { $0["title"] as? String } == ["1. tower", "2. c"])
        #expect(entries[0]["lines"] as? [Int] == [5000, 2500, 1000, 0])
        #expect(page.contains("picture not readable"))
    }

    @Test("hostile names stay text, on the map too, and only a map with tiles opens the policy")
    func hostileNames() throws {
        let name = SheetFixture.hostileName
        let place = try MapPlace(.answer, label: name, latitude: 1, longitude: 2, imagePath: name)
        let quiet = try sheet(label: name, probability: 0.9, map: MapView(places: [place], tiles: nil), name: name)
        let elements = try PageChecks.expectSound(quiet.render())
        #expect(elements.contains { $0.attributes["id"] == "map" })
        #expect(elements.contains { $0.name == "bdi" && $0.text.contains("<script>alert(1)") })
        let tiled = try sheet(label: name, probability: 0.9, map: MapView(places: [place]), name: name)
        try PageChecks.expectSound(tiled.render(), imageSource: "https://tile.openstreetmap.org")
        // A map without places is none, and needs no network.
        let empty = try sheet(label: name, probability: 0.9, map: MapView(places: []), name: name).render()
        #expect(try !PageChecks.expectSound(empty).contains { $0.attributes["id"] == "map" })
    }
}
