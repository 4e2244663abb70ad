import CairnMetrics

extension AblationReport {
    /// The report as Markdown: one table, and below it what its columns mean.
    ///
    /// - Parameter statistics: What `statistics()` gave, where it was asked already; `nil` to compute it.
    public func markdown(statistics: Statistics? = nil) -> String {
        let statistics = statistics ?? self.statistics()
        let level = AblationText.level(bootstrap.level)
        let names = figureNames
        let header =
            ["variant", "\(headline) (\(level) interval)"] + names
            + ["difference (\(level) interval)", "p (Holm)", "better / equal / worse", "ms a query", "bytes an image"]
        let rows = variants.indices.map { index in
            [Self.cell(variants[index].name), Self.interval(statistics.headlines[index])]
                + names.map { name in variants[index].figure(name).map(AblationText.figure) ?? AblationText.none }
                + comparison(statistics.comparisons[baseline][index], isBaseline: index == baseline)
                + [
                    variants[index].timesText,
                    variants[index].bytesPerImage.map(AblationText.bytes) ?? AblationText.none,
                ]
        }
        let alignments = header.indices.map { $0 == 0 ? ":--" : "--:" }
        let table = ([header.map(Self.cell), alignments] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
        let lines = [
            "# \(Self.cell(title))", subtitle.isEmpty ? nil : Self.cell(subtitle),
            "\(queriesText), baseline: \(Self.cell(variants[baseline].name)). Measured \(Self.cell(date)) on \(Self.cell(machine)).",
            table.joined(separator: "\n"), notes(level: level),
        ]
        return lines.compactMap { $0 }.joined(separator: "\n\n") + "\n"
    }

    private func comparison(_ comparison: Comparison?, isBaseline: Bool) -> [String] {
        if isBaseline { return ["baseline", AblationText.none, AblationText.none] }
        guard let comparison else { return [AblationText.none, AblationText.none, AblationText.none] }
        let paired = comparison.paired
        return [
            "\(AblationText.difference(paired.difference.estimate)) (\(AblationText.differenceRange(paired.difference)))",
            Self.cell(AblationText.pValue(comparison.adjustedPValue)),
            "\(paired.wins) / \(paired.ties) / \(paired.losses)",
        ]
    }

    private func notes(level: String) -> String {
        """
        Intervals: \(level), bootstrap over queries, \(bootstrap.method.words), \(AblationText.count(bootstrap.resamples)) resamples, seed \
        \(bootstrap.seed). Differences are paired, query by query, against the baseline; p is two-sided, by random sign flips of \
        these differences, corrected after Holm for \(variants.count - 1) comparisons. Times are medians of extraction + search \
        on this machine; another one gives others.
        """
    }

    private static func interval(_ interval: BootstrapInterval?) -> String {
        guard let interval else { return AblationText.none }
        return "\(AblationText.figure(interval.estimate)) (\(AblationText.range(interval)))"
    }

    /// Text of anybody's that must not end its cell, begin markup or become HTML.
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in HTML.visible(text) {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "|", "`", "*", "_", "[", "]", "#", "~": result += "\\\(character)"
            default: result.append(character)
            }
        }
        return result
    }
}

extension BootstrapConfiguration.Method {
    /// The method's name in a sentence.
    var words: String {
        switch self {
        case .percentile: "percentiles"
        case .biasCorrectedAccelerated: "BCa"
        }
    }
}
