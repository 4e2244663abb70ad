/// The look that all sheets share.
public enum SheetStyle {
    /// Colours, type, top bar, buttons, print.
    public static let shared = """
        :root { color-scheme: light; \(lightColours) }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark; \(darkColours) } }
        :root[data-theme="dark"] { color-scheme: dark; \(darkColours) }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        button { font: inherit; color: inherit; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .bar { display: flex; align-items: center; gap: 14px; padding: 12px clamp(16px, 3vw, 40px);
          border-bottom: 1px solid var(--rule); background: var(--surface); }
        .brand { display: inline-flex; align-items: center; gap: 9px; font-weight: 680; letter-spacing: -.01em; }
        .brand svg { fill: var(--accent); }
        .crumb { color: var(--soft); padding-left: 14px; border-left: 1px solid var(--rule); margin-right: auto; }
        .tool { display: inline-flex; align-items: center; gap: 7px; padding: 5px 12px; border: 1px solid var(--rule);
          border-radius: 999px; background: var(--surface); cursor: pointer; font-size: 13.5px; line-height: 1.5; }
        .tool:hover { border-color: var(--soft); }
        .tool[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        .tool:disabled { opacity: .4; cursor: default; }
        h1 { font-size: clamp(24px, 3vw, 34px); line-height: 1.15; letter-spacing: -.022em; font-weight: 680; margin: 0; }
        h2 { font-size: 12px; letter-spacing: .08em; text-transform: uppercase; color: var(--soft); font-weight: 640;
          margin: 0 0 10px; }
        .lede { color: var(--soft); margin: 6px 0 0; }
        .num { font-variant-numeric: tabular-nums; }
        .name { font-weight: 600; overflow-wrap: anywhere; }
        .folder { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .chip { display: inline-flex; align-items: center; gap: 5px; padding: 1px 9px; border-radius: 999px; font-size: 12.5px;
          font-weight: 600; background: var(--sunken); color: var(--soft); white-space: nowrap; }
        .chip.good { background: var(--good-ground); color: var(--good); }
        .chip.bad { background: var(--bad-ground); color: var(--bad); }
        footer { padding: 0 clamp(16px, 3vw, 40px) 32px; color: var(--soft); font-size: 13px; }
        kbd { font: 600 12px/1 ui-monospace, "SF Mono", Consolas, monospace; padding: 2px 6px; border-radius: 5px;
          border: 1px solid var(--rule); background: var(--sunken); }
        @media (max-width: 560px) { .wide { display: none; } }
        @media print {
          :root, :root:not([data-theme="light"]), :root[data-theme="dark"] { color-scheme: light; \(lightColours) }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          .tool, .no-print { display: none; }
          body { background: #fff; font-size: 11px; }
        }
        """

    private static let lightColours = """
        --ground: #f5f3ee; --surface: #ffffff; --sunken: #eeebe4; --ink: #1f1d1a; --soft: #6b655c; --rule: #e0dbd1; \
        --accent: #1f6f5c; --on-accent: #ffffff; --good: #14684a; --good-ground: #dcf0e5; --bad: #a3312a; \
        --bad-ground: #fbe5e1; --shadow: 0 1px 2px rgb(60 50 30 / .07), 0 6px 20px rgb(60 50 30 / .06);
        """

    private static let darkColours = """
        --ground: #131513; --surface: #1c1f1d; --sunken: #272b28; --ink: #eceae4; --soft: #a19d93; --rule: #333833; \
        --accent: #74c9ac; --on-accent: #0d1f19; --good: #86dcb6; --good-ground: #17382b; --bad: #ff9d92; \
        --bad-ground: #432019; --shadow: 0 1px 2px rgb(0 0 0 / .4), 0 8px 24px rgb(0 0 0 / .25);
        """
}
