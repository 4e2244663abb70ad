import Cairn
import CairnTerminal

/// What a command did to labels and places.
struct LabelOutcome: Encodable {
    var report: LabelReport
    /// Files, lines or names that stand for no image of the collection.
    var missing = 0
    /// Images of which two things are said.
    var conflicts = 0
    /// Files that are no images by name, or in no folder of a label.
    var ignored = 0
    /// Photos with nothing beside them.
    var bare = 0
    /// Files beside photos that could not be read.
    var unreadable = 0

    func print(json: Bool) throws {
        if json {
            try Console.printJSON(self)
            return
        }
        let done = Self.listed([
            (report.labelled, "image labelled", "images labelled"),
            (report.nonLandmarks, "non-landmark", "non-landmarks"),
            (report.cleared, "label taken away", "labels taken away"),
            (report.unchanged, "unchanged", "unchanged"),
            (report.places, "image given a place", "images given a place"),
            (report.clearedPlaces, "place taken away", "places taken away"),
            (report.landmarks, "label described", "labels described"),
        ])
        Console.print(done.isEmpty ? "nothing changed" : done)
        let left = Self.listed([
            (missing, "is not in the collection", "are not in the collection"),
            (conflicts, "is said to be two things", "are said to be two things"),
            (ignored, "other file", "other files"), (bare, "has nothing beside it", "have nothing beside them"),
            (unreadable, "could not be read", "could not be read"),
        ])
        if !left.isEmpty { Console.print("left aside: \(left)") }
    }

    private static func listed(_ counts: [(count: Int, one: String, many: String)]) -> String {
        counts.filter { $0.count > 0 }.map { "\($0.count) \($0.count == 1 ? $0.one : $0.many)" }.joined(separator: ", ")
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(missing, forKey: .missing)
        try values.encode(conflicts, forKey: .conflicts)
        try values.encode(ignored, forKey: .ignored)
        try values.encode(bare, forKey: .bare)
        try values.encode(unreadable, forKey: .unreadable)
    }

    private enum CodingKeys: String, CodingKey { case missing, conflicts, ignored, bare, unreadable }
}
