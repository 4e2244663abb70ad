/// The word that a typing error most likely meant; `nil` where none is near.
func nearest(to word: String, among words: [String]) -> String? {
    let limit = word.count < 3 ? 0 : max(1, min(3, word.count / 3))
    return words.map { (word: $0, distance: editDistance(word.lowercased(), $0.lowercased())) }
        .filter { $0.distance <= limit }
        .min { ($0.distance, $0.word) < ($1.distance, $1.word) }?.word
}

/// Insertions, deletions, replacements and exchanges of neighbours that make one word of another, at most 64 letters of each.
private func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first.unicodeScalars.prefix(64))
    let second = Array(second.unicodeScalars.prefix(64))
    var earlier: [Int] = []
    var previous = Array(0...second.count)
    for row in first.indices {
        var current = [row + 1]
        for column in second.indices {
            let replaced = previous[column] + (first[row] == second[column] ? 0 : 1)
            var least = min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                least = min(least, earlier[column - 1] + 1)
            }
            current.append(least)
        }
        (earlier, previous) = (previous, current)
    }
    return previous[second.count]
}
