import CairnMetrics

extension AblationPage {
    /// What stands in a row's four cells of comparison, ready for the page: made here for every baseline, so that the script
    /// only puts it in place.
    struct ComparisonCells: Encodable {
        /// The difference with its interval, and its number for sorting.
        var difference: String
        var differenceKey: String
        /// The interval drawn.
        var plot: String
        /// The corrected p-value, and its number.
        var p: String
        var pKey: String
        /// Better, equal and worse queries, and the number of better ones less that of worse.
        var counts: String
        var countsKey: String
    }

    /// The cells of all rows beside a baseline.
    func comparisonCells(baseline: Int) -> [ComparisonCells] {
        let plot = differencePlot(baseline: baseline)
        return statistics.comparisons[baseline].enumerated().map { index, comparison in
            guard let comparison else {
                let text = index == baseline ? "<span class=\"tag\">baseline</span>" : AblationText.none
                return ComparisonCells(
                    difference: text, differenceKey: index == baseline ? "0" : "", plot: "", p: "", pKey: "",
                    counts: "",
                    countsKey: "")
            }
            let paired = comparison.paired
            let gain = paired.difference.estimate
            let emphasis = !comparison.isSignificant ? "" : gain > 0 ? "up" : "down"
            return ComparisonCells(
                difference: """
                    <span class="\(emphasis)">\(AblationText.difference(gain))</span>\
                    <small>\(AblationText.differenceRange(paired.difference))</small>
                    """,
                differenceKey: "\(gain)", plot: plot.row(paired.difference, emphasis: emphasis),
                p: HTML.escaped(AblationText.pValue(comparison.adjustedPValue)), pKey: "\(comparison.adjustedPValue)",
                counts: """
                    <span class="counts"><b class="up">\(paired.wins)</b> / \(paired.ties) / \
                    <b class="down">\(paired.losses)</b></span>
                    """,
                countsKey: "\(paired.wins - paired.losses)")
        }
    }

    /// The four cells, with what the script finds them by.
    static func differenceCells(_ cells: ComparisonCells) -> String {
        """
        <td data-cell="difference" data-value="\(cells.differenceKey)">\(cells.difference)</td>\
        <td class="plot" data-cell="plot">\(cells.plot)</td><td data-cell="p" data-value="\(cells.pKey)">\(cells.p)</td>\
        <td data-cell="counts" data-value="\(cells.countsKey)">\(cells.counts)</td>
        """
    }

    /// The numbers above the differences to a baseline.
    func differenceAxis(baseline: Int) -> String { differencePlot(baseline: baseline).axis }

    /// The scale of the differences to a baseline; the script changes it with the rows.
    private func differencePlot(baseline: Int) -> ForestPlot {
        ForestPlot(statistics.comparisons[baseline].compactMap { $0?.paired.difference }, reference: 0)
    }
}
