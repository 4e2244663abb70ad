extension AblationPage {
    /// The page's own style.
    static let style = """
        :root { --up: #1d63b8; --down: #b4441c; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --up: #7db6f7; --down: #f2956b; } }
        :root[data-theme="dark"] { --up: #7db6f7; --down: #f2956b; }
        .ablation thead th:nth-child(2) { text-align: left; }
        .ablation tbody th { white-space: normal; min-width: 200px; max-width: 330px; position: sticky; left: 0;
          background: inherit; z-index: 1; }
        .ablation tbody tr { background: var(--surface); }
        .pick { padding-right: 0; width: 34px; } .pick + th, .pick + td { padding-left: 10px; }
        .note { display: block; color: var(--soft); font-size: 12.5px; line-height: 1.4; padding-left: 31px; }
        .settings { display: flex; flex-wrap: wrap; gap: 2px 10px; padding-left: 31px; font-size: 12px; color: var(--soft); }
        .setting b { font-weight: 600; color: var(--ink); }
        .axis-row { display: block; }
        .ablation td.plot { padding-left: 0; }
        .forest { display: block; overflow: visible; font-size: 11px; width: 130px; margin-left: auto; }
        .forest text { fill: var(--soft); } .forest .span { stroke: currentColor; stroke-width: 1.6; opacity: .75; }
        .forest circle { fill: currentColor; } .forest .zero { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
        .up { color: var(--up); } .down { color: var(--down); }
        span.up, span.down { font-weight: 660; } .counts b { font-weight: 560; }
        .ablation tbody .base { background: color-mix(in srgb, var(--accent) 8%, var(--surface)); }
        .tag { font-size: 12px; font-weight: 600; color: var(--accent); }
        .ablation tbody tr:hover { background: var(--sunken); }
        .sort { border: 0; background: none; padding: 0; cursor: pointer; font-weight: 560; white-space: nowrap; }
        .sort:hover { color: var(--ink); } .sort::after { content: ""; margin-left: 4px; }
        [aria-sort="ascending"] .sort::after { content: "↑"; } [aria-sort="descending"] .sort::after { content: "↓"; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .radio { width: 16px; height: 16px; padding: 0; border: 1.5px solid var(--soft); border-radius: 50%;
          background: none; cursor: pointer; display: block; }
        .radio[aria-pressed="true"] { border: 5px solid var(--accent); } .radio:disabled { opacity: .35; cursor: default; }
        .legend { display: flex; flex-wrap: wrap; gap: 7px; margin: 0 0 14px; }
        .key[aria-pressed="true"] { background: var(--surface); border-color: var(--rule); color: var(--ink); }
        .key[aria-pressed="false"] { opacity: .45; }
        @media (min-width: 1180px) { .charts.three { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
        .series { transition: opacity .15s; } .gone { display: none; } .dim .series:not(.lit) { opacity: .15; }
        .dim .series.plain { opacity: .5; }
        .heat { font-size: 13.5px; } .heat th:first-child { padding-left: 20px; width: 1%; white-space: nowrap; padding-right: 30px; }
        .heat td { background: color-mix(in srgb, var(--accent) var(--heat, 0%), transparent); }
        .heat .best { font-weight: 700; }
        .strip { padding: 4px 20px 0; overflow-x: auto; }
        .strip-row { display: grid; grid-template-columns: minmax(110px, 210px) minmax(420px, 1fr); align-items: center; gap: 12px; }
        .strip-row span { font-size: 13px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .strip canvas { width: 100%; height: 20px; display: block; background: var(--sunken); border-radius: 3px;
          margin: 2px 0; cursor: crosshair; }
        .strip-kinds { display: flex; font-size: 11.5px; color: var(--soft); }
        .strip-kinds i { font-style: normal; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding-left: 4px;
          border-left: 1px solid var(--soft); }
        .readout { margin: 8px 20px 12px; font-size: 13.5px; color: var(--soft); min-height: 1.5em; }
        .readout b { color: var(--ink); }
        .key-up { color: var(--up); font-weight: 620; } .key-down { color: var(--down); font-weight: 620; }
        .definitions { margin-top: 34px; }
        .definitions dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 14px 34px;
          margin: 0; }
        .definitions dt { font-weight: 640; } .definitions dd { margin: 2px 0 0; color: var(--soft); font-size: 13.5px; }
        @media (max-width: 760px) { .ablation tbody th { min-width: 168px; } .note, .settings { padding-left: 0; }
          .strip-row { grid-template-columns: 96px minmax(420px, 1fr); } .chart { min-width: 480px; }
          .charts .card { overflow-x: auto; } }
        @media print { :root, :root:not([data-theme="light"]), :root[data-theme="dark"] { --up: #1d63b8; --down: #b4441c; }
          small, .note, .settings, .heading p, figcaption p, .definitions dd { font-size: 9.5px; }
          @page { size: A3 landscape; margin: 12mm; } .page { padding: 0; } .card { box-shadow: none; break-inside: avoid; }
          .scroll { overflow: visible; } .pick { display: none; } table, .heat { font-size: 10.5px; } th, td { padding: 4px 6px; }
          .charts { grid-template-columns: 1fr 1fr; } }
        """
}
