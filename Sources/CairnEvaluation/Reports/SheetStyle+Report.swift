extension SheetStyle {
    /// Cards, tables and charts, for pages of figures.
    public static let report = """
        .page { padding: clamp(20px, 3vw, 40px); max-width: 1760px; margin: 0 auto; }
        .facts { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 10px 0 0; color: var(--soft); font-size: 13.5px; }
        .facts b { color: var(--ink); font-weight: 640; }
        .finding { margin: 22px 0; font-size: clamp(16px, 1.5vw, 19px); line-height: 1.45; max-width: 75ch; }
        .card { background: var(--surface); border: 1px solid var(--rule); border-radius: 14px; box-shadow: var(--shadow);
          margin: 0 0 22px; padding: 6px 0; }
        .heading { padding: 14px 20px 6px; }
        .card h2 { margin: 0; text-transform: none; letter-spacing: -.01em; font-size: 16px; color: var(--ink); }
        .heading p, figcaption p { margin: 2px 0 0; color: var(--soft); font-size: 13px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 14px; }
        th, td { padding: 9px 10px; text-align: right; vertical-align: middle; white-space: nowrap; }
        tbody th, tbody td { border-top: 1px solid var(--rule); }
        th { font-weight: 500; } thead th { color: var(--soft); font-size: 13px; vertical-align: bottom; }
        thead th { line-height: 1.3; white-space: normal; }
        tbody th, thead th:first-child { text-align: left; }
        small { display: block; color: var(--soft); font-size: 12px; font-weight: 400; }
        .named { display: inline-flex; align-items: center; gap: 9px; font-weight: 620; overflow-wrap: anywhere; }
        .swatch { flex: none; } .swatch .line { stroke-width: 3; }
        .strong { font-weight: 660; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 22px;
          margin-bottom: 22px; }
        .charts .card { margin: 0; padding: 16px 18px 12px; min-width: 0; } .chart-card figcaption { margin-bottom: 8px; }
        .chart { overflow: visible; }
        """
}
