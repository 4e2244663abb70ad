/// What pages of training look like beside what all pages share.
enum TrainingStyle {
    static let rules = """
        .standing { margin-top: 22px; padding: 18px 20px 16px; }
        .state { margin: 0 0 12px; display: flex; align-items: center; gap: 10px; }
        .done { height: 8px; border-radius: 999px; background: var(--sunken); overflow: hidden; }
        .done i { display: block; height: 100%; background: var(--accent); border-radius: 999px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px 26px; margin: 18px 0 0; }
        .tile dt { color: var(--soft); font-size: 13px; } .tile dd { margin: 0; font-size: 24px; font-weight: 660;
          letter-spacing: -.02em; line-height: 1.25; }
        .text { text-align: left; } th:first-child { padding-left: 20px; } td:last-child, th:last-child { padding-right: 20px; }
        .epochs tbody th { font-weight: 600; } .best { font-weight: 700; color: var(--good); }
        .own { background: color-mix(in srgb, var(--accent) 8%, var(--surface)); }
        .epochs .chip { margin-left: 8px; }
        .epochs thead th { white-space: nowrap; }
        .fold { padding: 0; } .fold summary { padding: 14px 20px; cursor: pointer; font-weight: 640; font-size: 16px; }
        .fold ul { margin: 0; padding: 0 20px 16px 38px; font-size: 14px; overflow-wrap: anywhere; }
        .fold li .num { color: var(--soft); margin-right: 8px; }
        .fold pre { margin: 0; padding: 0 20px 18px; overflow-x: auto; font: 13px/1.5 ui-monospace, "SF Mono", Consolas, monospace; }
        .samples { margin-left: 0; margin-right: 0; } .samples img { display: block; max-width: calc(100% - 40px); height: auto;
          margin: 8px 20px 18px; border-radius: 6px; }
        figure { margin: 0; }
        @media print { .fold:not([open]) { display: none; } .card { box-shadow: none; break-inside: avoid; } }
        """
}
