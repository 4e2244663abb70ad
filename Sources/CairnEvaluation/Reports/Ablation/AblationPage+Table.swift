import CairnMetrics

extension AblationPage {
    /// The table of all variants.
    var table: String {
        let names = report.figureNames
        let axis = ForestPlot(statistics.headlines.compactMap { $0 }, reference: headline(report.baseline)?.estimate)
        let head =
            Self.head("baseline", "", sortable: false, kind: "pick") + Self.head("variant", "text")
            + Self.head(report.headline, "number", below: axis.axis, kind: "value", span: 2)
            + Self.head(
                "difference to baseline", "number", below: differenceAxis(baseline: report.baseline),
                kind: "value difference", span: 2)
            + Self.head("p", "number", note: "Holm")
            + Self.head("queries", "number", note: "better / equal / worse")
            + names.map { Self.head($0, "number") }.joined() + Self.head("time", "number", note: "ms a query")
            + Self.head("memory", "number", note: "an image")
            + (hasPeaks ? Self.head("peak", "number", note: "resident") : "")
        let rows = report.variants.indices.map { row($0, names, axis) }
        return """
            <section class="card"><div class="scroll"><table class="ablation num" id="variants"><thead><tr>\(head)</tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table></div></section>
            """
    }

    private var hasPeaks: Bool { report.variants.contains { $0.peakResidentBytes != nil } }

    private func row(_ index: Int, _ names: [String], _ plot: ForestPlot) -> String {
        let variant = report.variants[index]
        let isBaseline = index == report.baseline
        let value = headline(index)
        let range = value.map { $0.queries < 2 ? "" : "<small>\(AblationText.range($0))</small>" } ?? ""
        let figures = names.map { Self.cell(variant.figure($0), AblationText.figure) }.joined()
        return """
            <tr data-row="\(index)"\(isBaseline ? " class=\"base\"" : "")><td class="pick">\(pick(index))</td>\
            <th scope="row" data-value="\(HTML.escaped(variant.name))"><span class="named">\(Self.swatch(index))\
            <bdi>\(HTML.escaped(variant.name))</bdi></span>\(note(variant))</th>\
            <td data-value="\(Self.sortKey(value?.estimate))" class="strong">\
            \(value.map { AblationText.figure($0.estimate) } ?? AblationText.none)\(range)</td>\
            <td class="plot">\(value.map { plot.row($0) } ?? "")</td>\
            \(Self.differenceCells(comparisonCells(baseline: report.baseline)[index]))\(figures)\
            <td data-value="\(Self.sortKey(variant.medianMilliseconds))">\(times(variant))</td>\
            \(Self.cell(variant.bytesPerImage, AblationText.bytes))\
            \(hasPeaks ? Self.cell(variant.peakResidentBytes.map(Double.init), AblationText.bytes) : "")</tr>
            """
    }

    private func pick(_ index: Int) -> String {
        let name = HTML.escaped(report.variants[index].name)
        let canChoose = statistics.comparisons[index].contains { $0 != nil } || index == report.baseline
        return """
            <button type="button" class="radio" data-baseline="\(index)" aria-pressed="\(index == report.baseline)" \
            title="Compare with \(name)" aria-label="Compare with \(name)"\(canChoose ? "" : " disabled=\"disabled\"")></button>
            """
    }

    private func note(_ variant: AblationReport.Variant) -> String {
        let settings = variant.settings.map {
            "<span class=\"setting\">\(HTML.escaped($0.name)) <b>\(HTML.escaped($0.value))</b></span>"
        }
        let note = variant.note.map { "<span class=\"note\">\(HTML.escaped($0))</span>" } ?? ""
        return note + (settings.isEmpty ? "" : "<span class=\"settings\">\(settings.joined(separator: " "))</span>")
    }

    private func times(_ variant: AblationReport.Variant) -> String {
        guard let sum = variant.medianMilliseconds else { return AblationText.none }
        let mean = (variant.extraction?.mean ?? 0) + (variant.search?.mean ?? 0)
        return """
            \(AblationText.milliseconds(sum))<small title="Mean \(AblationText.milliseconds(mean)) ms">\(variant.timesText)</small>
            """
    }

    private static func head(
        _ name: String, _ sorting: String, note: String = "", below: String = "", sortable: Bool = true,
        kind: String = "",
        span: Int = 1
    ) -> String {
        let escaped = HTML.escaped(name)
        let label =
            sortable
            ? "<button type=\"button\" class=\"sort\" data-sort=\"\(sorting)\">\(escaped)</button>"
            : "<span class=\"hidden\">\(escaped)</span>"
        let small = note.isEmpty ? "" : "<small>\(note)</small>"
        let columns = span == 1 ? "" : " colspan=\"\(span)\""
        let classes = kind.isEmpty ? "" : " class=\"\(kind)\""
        return
            "<th scope=\"col\"\(columns)\(classes)>\(label)\(small)\(below.isEmpty ? "" : "<span class=\"axis-row\">\(below)</span>")</th>"
    }

    private static func cell(_ value: Double?, _ text: (Double) -> String) -> String {
        "<td data-value=\"\(sortKey(value))\">\(value.map(text) ?? AblationText.none)</td>"
    }

    /// A number for sorting; empty where there is none.
    static func sortKey(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return "\(value)"
    }
}
