extension MapView {
    /// The map's style; it goes after the page's own.
    static let style = """
        :root { --sea: #dfe8ea; --land: #faf8f2; --coast: #b4ada0; --grid: rgb(60 70 70 / .16); --tile-filter: none; \
        --tie: #2f8f73; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { \(darkColours) } }
        :root[data-theme="dark"] { \(darkColours) }
        .map { position: relative; overflow: hidden; height: clamp(300px, 46vh, 520px); background: var(--sea);
          border: 1px solid var(--rule); border-radius: 14px; touch-action: pan-y; cursor: grab; user-select: none;
          -webkit-user-select: none; }
        .map.whole { touch-action: none; }
        .map:active { cursor: grabbing; }
        .map canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
        #map-lines { pointer-events: none; }
        #map-pictures { position: absolute; inset: 0; pointer-events: none; filter: var(--tile-filter); }
        #map-pictures img { position: absolute; left: 0; top: 0; transform-origin: 0 0; max-width: none; opacity: 0;
          transition: opacity .2s; pointer-events: none; }
        #map-pictures img.ready { opacity: 1; }
        .pin { display: inline-block; width: 16px; height: 16px; padding: 0; border: 2.5px solid #fff; border-radius: 50%;
          background: var(--pin); box-shadow: 0 1px 4px rgb(0 0 0 / .45); }
        .pin.query { --pin: \(MapPlace.Role.query.colour); border-radius: 3px; transform: rotate(45deg); }
        .pin.answer { --pin: \(MapPlace.Role.answer.colour); width: 22px; height: 22px;
          border-radius: 50% 50% 50% 0; transform: rotate(-45deg); }
        .pin.evidence { --pin: \(MapPlace.Role.evidence.colour); }
        .pin.landmark { --pin: \(MapPlace.Role.landmark.colour); width: 14px; height: 14px; border-radius: 4px; }
        #map-pins button { position: absolute; left: 0; top: 0; width: 32px; height: 32px; margin: -16px 0 0 -16px; padding: 0;
          border: 0; background: none; display: grid; place-items: center; cursor: pointer; border-radius: 50%; }
        #map-pins button.answer { margin-top: -27px; z-index: 2; }
        #map-pins button.query { z-index: 3; }
        #map-pins button:hover .pin, #map-pins button[aria-expanded="true"] .pin { box-shadow: 0 0 0 3px var(--ink); }
        #map-pins .more { position: absolute; left: 60%; bottom: 56%; min-width: 18px; padding: 0 5px; border-radius: 999px;
          background: var(--surface); color: var(--ink); border: 1px solid var(--rule); font: 660 11px/16px inherit;
          font-variant-numeric: tabular-nums; font-size: 11px; line-height: 16px; }
        .map-tools { position: absolute; right: 10px; top: 10px; display: flex; flex-direction: column; gap: 6px;
          align-items: flex-end; }
        .map-tools .tool { min-width: 36px; justify-content: center; box-shadow: var(--shadow); }
        .map-scale { position: absolute; left: 8px; bottom: 26px; font-size: 11.5px; line-height: 1.3; color: var(--ink);
          padding: 2px 6px; border-radius: 5px; background: color-mix(in srgb, var(--surface) 78%, transparent);
          pointer-events: none; }
        .map-scale i { display: block; height: 5px; border: 1.5px solid currentColor; border-top: 0; }
        .map-credit { position: absolute; right: 0; bottom: 0; display: flex; flex-wrap: wrap; gap: 0 8px;
          justify-content: flex-end; padding: 1px 8px; font-size: 11px; color: var(--soft); border-top-left-radius: 7px;
          background: color-mix(in srgb, var(--surface) 84%, transparent); }
        .map-credit a { color: inherit; }
        .map-quiet { position: absolute; inset: 0; display: grid; place-items: center; margin: 0; color: var(--soft); }
        .map-popup { position: absolute; left: 0; top: 0; z-index: 4; width: 236px; max-width: calc(100% - 16px); max-height: 86%;
          overflow: auto; background: var(--surface); border: 1px solid var(--rule); border-radius: 12px;
          box-shadow: var(--shadow); cursor: auto; user-select: text; -webkit-user-select: text; font-size: 13px; }
        .map-popup[hidden] { display: none; }
        .map-popup article { padding: 10px 12px; display: grid; gap: 1px; }
        .map-popup article + article { border-top: 1px solid var(--rule); }
        .map-popup img { display: block; width: 100%; max-height: 150px; object-fit: cover; border-radius: 7px;
          margin-bottom: 7px; background: var(--sunken); }
        .map-popup .several img { max-height: 84px; }
        .map-popup .name { font-size: 14.5px; padding-right: 18px; }
        .map-popup .folder { font-size: 12px; }
        .map-popup .shut { position: absolute; right: 6px; top: 6px; width: 26px; height: 26px; padding: 0; border: 0;
          border-radius: 50%; background: var(--surface); cursor: pointer; z-index: 1; }
        .map-legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding: 0; font-size: 13px;
          color: var(--soft); }
        .map-legend li { display: inline-flex; align-items: center; gap: 8px; }
        .map-legend .pin { width: 13px; height: 13px; border-width: 2px; }
        a.tool { text-decoration: none; color: inherit; }
        @media print { .map { height: 300px; break-inside: avoid; } }
        """

    private static let darkColours = """
        --sea: #171c20; --land: #282d2a; --coast: #555d57; --grid: rgb(220 230 225 / .13); \
        --tile-filter: invert(1) hue-rotate(180deg) brightness(.92) contrast(.86); --tie: #74c9ac;
        """
}
