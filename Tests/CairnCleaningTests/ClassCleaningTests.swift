import CairnAlgebra
import CairnCore
import Foundation
import Testing

@testable import CairnCleaning

@Suite("Class cleaning")
struct ClassCleaningTests {
    /// Radii in degrees.
    private func cleaning(_ eps: Double, tail: Double?, minSamples: Int = 3, minimumSize: Int = 2) -> ClassCleaning {
        var cleaning = ClassCleaning()
        cleaning.eps = 1 - cos(eps * .pi / 180)
        cleaning.tailEps = tail.map { 1 - cos($0 * .pi / 180) }
        (cleaning.minSamples, cleaning.minimumClassSize) = (minSamples, minimumSize)
        return cleaning
    }

    @Test("splits a label into its clusters, recovers a tail from noise, and drops the rest with the reason")
    func split() throws {
        // Three together, four together, a loose pair, and one alone; two rows of another label in between.
        let angles: [Double] = [0, 1, 2, 0.5, 40, 41, 42, 43, 80, 84, 140, 40.5]
        var labels: [String?] = Array(repeating: "tower", count: 12)
        labels[3] = "bridge"
        labels[11] = nil
        let result = try cleaning(1.5, tail: 5).clean(Samples.angles(angles), labels: labels)
        #expect(
            result.classes == [
                .init(name: "tower", label: "tower", stage: .cluster, rows: [4, 5, 6, 7]),
                .init(name: "tower#2", label: "tower", stage: .cluster, rows: [0, 1, 2]),
                .init(name: "tower#3", label: "tower", stage: .tail, rows: [8, 9]),
            ])
        #expect(result.splitLabels == ["tower"])
        #expect(result.droppedCount == 2)
        #expect(result.verdicts.map(\.newClass)[0] == "tower#2")
        #expect(result.verdicts[9].outcome == .kept(class: "tower#3", stage: .tail))
        #expect(result.verdicts[11].outcome == .unlabeled)
        guard case .dropped(.noise, let alone) = result.verdicts[10].outcome else {
            Issue.record("row 10 was not dropped as noise: \(result.verdicts[10])")
            return
        }
        #expect(alone.nearest == 9)
        #expect(abs((alone.nearestDistance ?? 0) - (1 - cos(56 * .pi / 180))) < 1e-6)
        #expect(alone.neighborsInReach == 0 && alone.neighborsInTailReach == 0)
        guard case .dropped(.noise, let single) = result.verdicts[3].outcome else {
            Issue.record("row 3 was not dropped as noise")
            return
        }
        #expect(single.nearest == nil && single.nearestDistance == nil)
    }

    @Test("without a tail all noise is dropped; a cluster that is too small says so")
    func withoutTail() throws {
        let rows = try Samples.angles([0, 1, 40, 41, 42, 80, 85])
        let labels = [String?](repeating: "a", count: 7)
        let plain = try cleaning(1.5, tail: nil, minSamples: 2, minimumSize: 3).clean(rows, labels: labels)
        #expect(plain.classes.map(\.rows) == [[2, 3, 4]])
        guard case .dropped(.smallCluster(size: 2), let evidence) = plain.verdicts[0].outcome else {
            Issue.record("row 0: \(plain.verdicts[0])")
            return
        }
        #expect(evidence.nearest == 1 && evidence.neighborsInReach == 1 && evidence.neighborsInTailReach == nil)
        guard case .dropped(.noise, _) = plain.verdicts[5].outcome else {
            Issue.record("row 5: \(plain.verdicts[5])")
            return
        }
    }

    @Test("the largest cluster keeps the name, the first of two; names that are labels are passed over")
    func names() throws {
        let rows = try Samples.angles([0, 1, 40, 41, 80, 81, 160, 160.5])
        let labels = ["a", "a", "a", "a", "a", "a", "a#2", "a#2"]
        let result = try cleaning(1.5, tail: nil, minSamples: 2).clean(rows, labels: labels)
        #expect(result.classes.map(\.name) == ["a", "a#3", "a#4", "a#2"])
        #expect(Set(result.classes.map(\.name)).count == 4)
        #expect(result.classes[0].rows == [0, 1])
    }

    @Test("when a label is all noise at first, the largest cluster of its tail keeps its name")
    func onlyTail() throws {
        let result = try cleaning(1, tail: 6).clean(Samples.angles([0, 5, 60, 90]), labels: ["a", "a", "a", "a"])
        #expect(result.classes == [.init(name: "a", label: "a", stage: .tail, rows: [0, 1])])
    }

    @Test("each label is clustered as if it were alone")
    func independence() throws {
        let rows = try Samples.clustered(count: 200, dimensions: 8, centres: 12, spread: 0.3, seed: 3)
        var random = Seeded(9)
        let labels: [String?] = (0..<200).map { _ in ["x", "y", "z", nil].randomElement(using: &random) ?? nil }
        var settings = ClassCleaning.standard
        (settings.eps, settings.tailEps, settings.minimumClassSize) = (0.05, nil, 1)
        let together = try settings.clean(rows, labels: labels)
        for label in ["x", "y", "z"] {
            let members = labels.indices.filter { labels[$0] == label }
            let clusters = try DBSCAN(eps: 0.05, minSamples: 3).cluster(rows.rows(at: members))
            let expected = clusters.members().map { $0.map { members[$0] } }.sorted { $0[0] < $1[0] }
            let found = together.classes.filter { $0.label == label }
            #expect(found.map(\.rows).sorted { $0[0] < $1[0] } == expected)
            #expect(found.map(\.rows.count) == found.map(\.rows.count).sorted(by: >))
        }
        #expect(try settings.clean(rows, labels: labels) == together)
    }

    @Test("impossible settings, lists and numbers are refused")
    func refused() throws {
        let rows = try Samples.angles([0, 1])
        #expect(throws: CleaningError.self) { try ClassCleaning.standard.clean(rows, labels: ["a"]) }
        #expect(throws: CleaningError.self) { try cleaning(5, tail: 4).clean(rows, labels: ["a", "a"]) }
        #expect(throws: CleaningError.self) { try cleaning(5, tail: 6, minSamples: 0).clean(rows, labels: ["a", "a"]) }
        #expect(throws: CleaningError.self) {
            try cleaning(5, tail: 6, minimumSize: 0).clean(rows, labels: ["a", "a"])
        }
        let bad = try DescriptorMatrix(rows: [[0, 1], [.nan, 0]])
        let error = #expect(throws: CleaningError.self) { try ClassCleaning.standard.clean(bad, labels: ["a", nil]) }
        #expect(error?.message.contains("row 1") == true)
        #expect(try ClassCleaning.standard.clean(DescriptorMatrix(dimensions: 2), labels: []).verdicts == [])
    }

    @Test("presets survive being written and read; unknown settings are refused")
    func coding() throws {
        for preset in [ClassCleaning.standard, .withoutTail, .strict] {
            #expect(try JSONDecoder().decode(ClassCleaning.self, from: JSONEncoder().encode(preset)) == preset)
        }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(ClassCleaning.self, from: Data("{\"radius\": 1}".utf8))
        }
    }
}
