extension RecognitionSheet {
    /// What this sheet adds to the search sheet's style.
    static let style = """
        .found { display: grid; gap: 26px; align-content: start; min-width: 0; }
        .verdict { padding: clamp(18px, 2.4vw, 30px); background: var(--surface); border: 1px solid var(--rule);
          border-radius: 16px; box-shadow: var(--shadow); display: grid; gap: 12px; }
        .verdict h1 { font-size: clamp(30px, 4.6vw, 54px); line-height: 1.08; overflow-wrap: anywhere; }
        .verdict > p { margin: 0; }
        .mark { display: inline-grid; place-items: center; width: .92em; height: .92em; border-radius: 50%; font-size: .62em;
          margin-right: .36em; vertical-align: .14em; background: var(--good-ground); color: var(--good); }
        .none .mark { background: var(--bad-ground); color: var(--bad); }
        .none h1 { color: var(--soft); }
        .sure { margin: 6px 0 2px; }
        .figure { color: var(--soft); font-size: 13.5px; }
        .figure b { font-size: 28px; letter-spacing: -.02em; font-weight: 660; color: var(--ink); }
        .bar-track { position: relative; height: 16px; border-radius: 8px; background: var(--sunken); margin-top: 6px; }
        .bar-track i { display: block; height: 100%; min-width: 3px; border-radius: 8px; background: var(--accent); }
        .none .bar-track i { background: var(--soft); }
        .bar-track b { position: absolute; top: -5px; bottom: -5px; width: 3px; margin-left: -1.5px; border-radius: 2px;
          background: var(--ink); box-shadow: 0 0 0 1.5px var(--surface); }
        .sure .folder { margin-top: 10px; }
        .tick { display: inline-block; width: 3px; height: 12px; border-radius: 2px; background: var(--ink); margin-right: 7px;
          vertical-align: -1px; }
        .candidates { list-style: none; margin: 0; padding: 0; background: var(--surface); border: 1px solid var(--rule);
          border-radius: 14px; box-shadow: var(--shadow); }
        .candidate { padding: 12px 18px; break-inside: avoid; }
        .candidate + .candidate { border-top: 1px solid var(--rule); }
        .who { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; }
        .who .name { flex: 1; min-width: 50%; }
        .first .name { font-size: 17px; }
        .rank-number { color: var(--soft); font-size: 13px; min-width: 1.2em; }
        .parts { display: grid; grid-template-columns: minmax(90px, 170px) minmax(0, 1fr); gap: 3px 14px; font-size: 12.5px;
          margin: 8px 0 0; padding-left: 30px; }
        .parts dt { color: var(--soft); overflow-wrap: anywhere; }
        .parts dd { margin: 0; display: grid; grid-template-columns: 1fr minmax(54px, auto); gap: 10px; align-items: center;
          text-align: right; }
        .both { position: relative; height: 7px; border-radius: 4px; background: var(--sunken); }
        .both::after { content: ""; position: absolute; left: 50%; top: -2px; bottom: -2px; width: 1px; background: var(--soft); }
        .both i { position: absolute; top: 0; bottom: 0; border-radius: 4px; }
        .both .plus { left: 50%; background: var(--accent); }
        .both .minus { right: 50%; background: var(--bad); }
        .block { margin-top: clamp(26px, 3vw, 42px); }
        .label { font-weight: 640; overflow-wrap: anywhere; margin-bottom: 6px; }
        .label.other { color: var(--bad); }
        .against { list-style: none; margin: 14px 0 0; padding: 0; display: grid; gap: 14px;
          grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); }
        .against li { padding: 8px; background: var(--surface); border: 1px dashed var(--rule); border-radius: 12px; }
        .against img { display: block; width: 100%; height: auto; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 8px;
          margin-bottom: 6px; filter: saturate(.7); }
        .gone { display: grid; place-items: center; aspect-ratio: 4 / 3; background: var(--sunken); color: var(--soft);
          font-size: 12.5px; }
        .under { display: flex; flex-wrap: wrap; gap: 10px 20px; align-items: center; justify-content: space-between;
          margin-top: 12px; }
        @media (max-width: 560px) { .parts { padding-left: 0; } .candidate { padding: 12px 14px; }
          .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; } .card .line { flex-wrap: wrap; } }
        @media print { .verdict, .candidates { box-shadow: none; } }
        """
}
