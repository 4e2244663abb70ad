/// What the match view's script needs, in few bytes: coordinates as ten-thousandths of a picture's sides.
struct MatchData: Encodable {
    struct Entry: Encodable {
        /// The picture as a `data:` address; absent where the card's own thumbnail serves.
        let image: String?
        let width: Int
        let height: Int
        let title: String
        let facts: String
        /// Four numbers a line: source x, y, target x, y.
        let lines: [Int]
        /// How many lines there were before the selection.
        let total: Int
        /// Two numbers a corner.
        let queryRegion: [Int]
        let region: [Int]
    }

    let entries: [Entry]

    init(_ sheet: ResultSheet) {
        entries = sheet.entries.map { entry in
            let picture = entry.matchImage ?? entry.thumbnail
            let words = entry.inliers.map { HTML.count($0, "inlier") } ?? "not verified"
            return Entry(
                image: entry.matchImage?.dataURI, width: picture.size.width, height: picture.size.height,
                title: "\(entry.rank). \(HTML.visible(HTML.split(path: entry.path).name))",
                facts: "\(words) · score \(HTML.number(entry.score))",
                lines: Self.selection(entry.lines).flatMap { Self.packed([$0.source, $0.target]) },
                total: entry.lines.count,
                queryRegion: Self.packed(entry.queryRegion), region: Self.packed(entry.region))
        }
    }

    /// An even selection of at most `ResultSheet.lineLimit` lines, in their order.
    static func selection(_ lines: [ResultSheet.Line]) -> [ResultSheet.Line] {
        let limit = ResultSheet.lineLimit
        guard lines.count > limit else { return lines }
        return (0..<limit).map { lines[$0 * lines.count / limit] }
    }

    /// Points as integers. A point far outside, or none at all, is cut to nine pictures' widths: a screen needs no more.
    private static func packed(_ points: [ResultSheet.Point]) -> [Int] {
        points.flatMap { [$0.x, $0.y] }.map { value in
            value.isNaN ? 0 : Int((min(9, max(-9, value)) * 10_000).rounded())
        }
    }
}
