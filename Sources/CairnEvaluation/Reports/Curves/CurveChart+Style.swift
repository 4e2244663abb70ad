extension CurveChart {
    /// Rules for charts inside a page that has the sheets' colours.
    public static let style = """
        .chart { display: block; width: 100%; height: auto; font-size: 12px; font-variant-numeric: tabular-nums; }
        \(drawing)
        """

    /// Series colours for a page, which follow its theme as the sheets' own do.
    public static let colours = """
        :root { \(ChartPalette.light) }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { \(ChartPalette.dark) } }
        :root[data-theme="dark"] { \(ChartPalette.dark) }
        @media print { :root, :root:not([data-theme="light"]), :root[data-theme="dark"] { \(ChartPalette.light) } }
        """

    /// Rules for a file of its own.
    static let fileStyle = """
        svg { --ink: #1f1d1a; --soft: #6b655c; --rule: #e0dbd1; --surface: #ffffff; \(ChartPalette.light)
          font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          font-variant-numeric: tabular-nums; }
        @media (prefers-color-scheme: dark) { svg { --ink: #eceae4; --soft: #a19d93; --rule: #333833; --surface: #1c1f1d;
          \(ChartPalette.dark) } }
        .ground { fill: var(--surface); } .heading { fill: var(--ink); font-size: 15px; font-weight: 640; }
        \(drawing)
        """

    private static let drawing = """
        .grid line { stroke: var(--rule); } .frame { stroke: var(--soft); fill: none; }
        .ticks text, .axis { fill: var(--soft); } .axis { font-size: 12.5px; }
        .series { color: var(--soft); } .line { fill: none; stroke: currentColor; stroke-width: 1.8;
          stroke-linejoin: round; stroke-linecap: round; }
        .line.pale { stroke-width: 1; opacity: .3; }
        .mark line { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 4; opacity: .7; }
        .mark text { fill: var(--soft); font-size: 11px; } .mark.strong line { stroke-dasharray: none; }
        .mark.strong text { fill: var(--ink); font-weight: 600; }
        .plain .line { stroke-width: 1.2; stroke-dasharray: 4 4; }
        .dot { fill: currentColor; stroke: var(--surface); stroke-width: 1.5; }
        .label { fill: var(--ink); } .label.end { fill: currentColor; font-weight: 600; }
        \(ChartPalette.rules)
        """
}
