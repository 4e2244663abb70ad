extension ResultSheet {
    /// The search sheet's own style.
    static let style = """
        .page { padding: clamp(20px, 3vw, 40px); max-width: 1680px; margin: 0 auto; }
        .top { margin-bottom: clamp(20px, 3vw, 34px); }
        .columns { display: grid; grid-template-columns: minmax(260px, 360px) minmax(0, 1fr); gap: clamp(20px, 3vw, 40px); }
        @media (max-width: 860px) { .columns { grid-template-columns: minmax(0, 1fr); } }
        .query figure { margin: 0; position: sticky; top: 24px; background: var(--surface); border: 1px solid var(--rule);
          border-radius: 16px; overflow: hidden; box-shadow: var(--shadow); }
        .query img { display: block; width: 100%; height: auto; max-height: 62vh; object-fit: contain;
          background: var(--sunken); }
        @media (max-width: 860px) { .query figure { position: static; } .query img { max-height: 42vh; } }
        figcaption { padding: 14px 16px 16px; }
        .facts { list-style: none; margin: 6px 0 0; padding: 0; font-size: 13px; color: var(--soft); }
        .grid { list-style: none; margin: 0; padding: 0; display: grid; gap: 18px;
          grid-template-columns: repeat(auto-fill, minmax(232px, 1fr)); }
        .card { background: var(--surface); border: 1px solid var(--rule); border-radius: 14px; overflow: hidden;
          box-shadow: var(--shadow); display: flex; flex-direction: column; break-inside: avoid; }
        .card .open { position: relative; display: block; width: 100%; padding: 0; border: 0; background: var(--sunken);
          cursor: pointer; }
        .card .open:focus-visible { outline-offset: -3px; }
        .card img { display: block; width: 100%; height: auto; aspect-ratio: 4 / 3; object-fit: cover; }
        .rank { position: absolute; left: 10px; top: 10px; min-width: 28px; padding: 2px 8px; border-radius: 999px;
          font-size: 13px; font-weight: 680; color: #fff; background: rgb(15 17 15 / .72); }
        .hint { position: absolute; inset: auto 10px 10px auto; padding: 3px 11px; border-radius: 999px; font-size: 12.5px;
          font-weight: 600; color: #fff; background: rgb(15 17 15 / .78); opacity: 0; transition: opacity .15s; }
        .open:hover .hint, .open:focus-visible .hint { opacity: 1; }
        .card .text { padding: 12px 14px 14px; display: flex; flex-direction: column; flex: 1; }
        .card .line { display: flex; align-items: center; justify-content: space-between; gap: 8px; margin-bottom: 8px; }
        .clamped { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
        .folder.clamped { -webkit-line-clamp: 1; }
        .score { font-size: 12.5px; color: var(--soft); }
        .card .facts { margin-top: 4px; display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 12.5px; }
        .stages { display: grid; grid-template-columns: auto 1fr; gap: 4px 10px; margin: auto 0 0; padding-top: 12px;
          font-size: 12px; }
        .stages dt { color: var(--soft); }
        .stages dd { margin: 0; display: grid; grid-template-columns: 1fr minmax(46px, auto); gap: 8px; align-items: center;
          text-align: right; }
        .track { height: 5px; border-radius: 3px; background: var(--sunken); overflow: hidden; }
        .track i { display: block; height: 100%; border-radius: 3px; background: var(--accent); }
        .card:not(.verified) .track i { background: var(--soft); }
        .empty { padding: 40px; border: 1px dashed var(--rule); border-radius: 14px; color: var(--soft); }

        dialog { border: 0; padding: 0; width: 100vw; height: 100vh; height: 100dvh; max-width: none; max-height: none;
          background: #0f110f; color: #eceae4; color-scheme: dark; --surface: #1c1f1d; --sunken: #272b28; --ink: #eceae4;
          --soft: #a19d93; --rule: #3a403b; --accent: #74c9ac; --on-accent: #0d1f19; }
        dialog[open] { display: flex; flex-direction: column; }
        .match-bar { display: flex; align-items: center; gap: 8px; padding: 10px 16px; border-bottom: 1px solid var(--rule);
          flex-wrap: wrap; }
        .match-title { flex: 1; min-width: 160px; padding: 0 8px; line-height: 1.35; }
        .toggles { display: flex; gap: 6px; }
        .stage { flex: 1; min-height: 0; margin: 16px; }
        .stage svg { display: block; width: 100%; height: 100%; }
        .match-foot { display: flex; justify-content: space-between; gap: 16px; padding: 0 18px 14px; font-size: 13px;
          color: var(--soft); }
        .tie { stroke-width: 1.3; stroke-opacity: .8; pointer-events: none; }
        .dot { fill: none; stroke-width: 1.6; pointer-events: none; }
        .outline { fill: rgb(116 201 172 / .12); stroke: #74c9ac; stroke-width: 2; stroke-dasharray: 7 5;
          pointer-events: none; }
        .dim .tie { stroke-opacity: .1; }
        .dim .dot { stroke-opacity: .18; }
        .dim .lit .tie { stroke-opacity: 1; stroke-width: 2.6; }
        .dim .lit .dot { stroke-opacity: 1; stroke-width: 2.6; }
        .no-lines .tie, .no-points .dot, .no-region .outline { display: none; }
        .caption { fill: #fff; font-size: 12px; font-weight: 640; }
        .plate { fill: rgb(15 17 15 / .72); }
        @media (max-width: 720px) { .keys { display: none; } }
        @media (prefers-reduced-motion: reduce) { * { transition: none; } }
        @media print { dialog, .hint { display: none; } .columns { grid-template-columns: 200px 1fr; }
          .grid { grid-template-columns: repeat(3, 1fr); gap: 10px; } .query figure { position: static; }
          .card, .query figure { box-shadow: none; } }
        """
}
