/// Which rows have which label.
enum LabelRows {
    /// Rows by label, ascending; labels in the order of their first rows. Rows without a label are left out.
    static func grouped(_ labels: [String?]) -> [(label: String, rows: [Int])] {
        var places: [String: Int] = [:]
        var groups: [(label: String, rows: [Int])] = []
        for (row, label) in labels.enumerated() {
            guard let label else { continue }
            if let place = places[label] {
                groups[place].rows.append(row)
            } else {
                places[label] = groups.count
                groups.append((label, [row]))
            }
        }
        return groups
    }
}
