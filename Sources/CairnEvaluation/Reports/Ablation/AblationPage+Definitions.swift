import CairnMetrics

extension AblationPage {
    /// What the page's words mean, so that its numbers can be trusted or doubted.
    var definitions: String {
        let settings = report.bootstrap
        let level = AblationText.level(settings.level)
        let count = AblationText.count(settings.resamples)
        let headline = HTML.escaped(report.headline)
        let entries = [
            (
                "Interval",
                """
                How far \(headline) would move with other queries of the same kind: \(count) times as many queries as \
                there are were drawn from them with replacement, and the interval read off the results (\(settings.method.words), \
                \(level), seed \(settings.seed)). Gallery and settings stay as they are. Two intervals that overlap say little about \
                a difference; the difference's own does.
                """
            ),
            (
                "Difference",
                """
                The mean over queries of the variant's figure less the baseline's, on the queries that both have one for. Its \
                interval comes from drawing such pairs.
                """
            ),
            (
                "p",
                """
                How often chance alone would give a difference at least as large, if both searched equally well: each query's \
                difference gets a random sign, \(count) times, or in all ways for up to \
                \(PairedComparison.exactLimit) queries that differ. Two-sided. Corrected after Holm for all variants beside \
                this baseline. Coloured differences have p below \(AblationText.figure(1 - settings.level)).
                """
            ),
            ("Better / equal / worse", "Queries on which the variant's figure is above, at or below the baseline's."),
            (
                "Time",
                """
                Milliseconds a query, measured on \(HTML.escaped(report.machine)): the medians of extraction (decoding, model) and \
                search (all after it), and their sum. Another machine, or a busy one, gives other times.
                """
            ),
            (
                "Memory",
                "Bytes stored for an image of the gallery. Peak: the largest resident memory of the process while it ran."
            ),
            (
                "Precision and recall",
                """
                Precision at a recall is the highest at that recall or beyond, averaged over queries at 101 recalls. CMC: the \
                share of queries whose first right answer comes at a rank or before it.
                """
            ),
        ]
        let items = entries.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }
        return """
            <section class="definitions"><h2>What the numbers mean</h2><dl>\(items.joined())</dl></section>
            """
    }
}
