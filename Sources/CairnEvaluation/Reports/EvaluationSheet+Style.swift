extension EvaluationSheet {
    /// The evaluation sheet's own style.
    static let style = """
        .page { padding: clamp(20px, 3vw, 40px); max-width: 1680px; margin: 0 auto; }
        .summary { display: grid; gap: 18px; margin: clamp(20px, 3vw, 34px) 0; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); margin: 0;
          background: var(--surface); border: 1px solid var(--rule); border-radius: 14px; box-shadow: var(--shadow); }
        .tiles div { padding: 14px 20px; }
        .tiles dt { color: var(--soft); font-size: 13px; }
        .tiles dd { margin: 0; font-size: 26px; font-weight: 660; letter-spacing: -.02em; line-height: 1.2; }
        .kinds { border-collapse: separate; border-spacing: 0; width: 100%; background: var(--surface);
          border: 1px solid var(--rule); border-radius: 14px; box-shadow: var(--shadow); font-size: 14px; }
        .kinds th, .kinds td { padding: 8px 20px; text-align: right; }
        .kinds th:first-child { text-align: left; }
        .kinds thead th { color: var(--soft); font-weight: 500; font-size: 13px; }
        .kinds tbody th { font-weight: 600; }
        .kinds tbody th, .kinds tbody td { border-top: 1px solid var(--rule); }
        .kinds .wide-cell { width: 30%; padding-right: 0; }
        .track { display: block; height: 7px; border-radius: 4px; background: var(--sunken); overflow: hidden; }
        .track i { display: block; height: 100%; border-radius: 4px; background: var(--accent); }
        .strip { margin: 0; padding: 14px 20px 16px; background: var(--surface); border: 1px solid var(--rule);
          border-radius: 14px; box-shadow: var(--shadow); }
        .strip figcaption { color: var(--soft); font-size: 13px; margin-bottom: 8px; }
        .strip div { display: flex; align-items: stretch; height: 72px; }
        .strip a { flex: 1 1 0; min-width: 0; display: flex; align-items: flex-end; padding-right: min(2px, 20%); }
        .strip i { display: block; width: 100%; background: var(--accent); border-radius: 2px 2px 0 0; opacity: .85; }
        .strip a:hover i { opacity: 1; background: var(--ink); }
        .filters { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 18px; }
        .filters .num { opacity: .65; }
        #imperfect { margin-left: auto; }
        .item { display: grid; grid-template-columns: 200px minmax(0, 1fr); gap: 24px; padding: 20px;
          margin-bottom: 16px; background: var(--surface); border: 1px solid var(--rule); border-radius: 14px;
          box-shadow: var(--shadow); break-inside: avoid; scroll-margin-top: 16px; }
        .item:target { border-color: var(--accent); }
        .item[hidden] { display: none; }
        .asked img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; border-radius: 10px;
          background: var(--sunken); }
        .photo { position: relative; }
        .outline { position: absolute; inset: 0; width: 100%; height: 100%; border-radius: 10px; }
        .outline rect { fill: none; stroke: #ffd84d; stroke-width: 2.5; vector-effect: non-scaling-stroke; }
        .outline .halo { stroke: rgb(0 0 0 / .55); stroke-width: 5; }
        .limited { margin: 10px 0 0; padding: 6px 14px; border-left: 3px solid var(--accent); background: var(--surface); }
        .ap { font-size: 13px; color: var(--soft); margin-top: 8px; }
        .ap b { font-size: 24px; letter-spacing: -.02em; color: var(--ink); font-weight: 660; }
        .asked p { margin: 6px 0 0; }
        .row { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 12px; }
        h3 { font-size: 12.5px; font-weight: 600; color: var(--soft); margin: 16px 0 8px; }
        .hit { margin: 0; border: 3px solid; border-radius: 10px; overflow: hidden; background: var(--sunken); }
        .hit img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; }
        .hit figcaption { display: flex; gap: 6px; align-items: baseline; padding: 3px 7px; font-size: 12px;
          font-weight: 660; }
        .hit .file { font-weight: 400; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .hit.right { border-color: var(--right); }
        .hit.wrong { border-color: var(--wrong); border-style: dashed; }
        .hit.missed { border-color: var(--rule); border-style: dotted; }
        .hit.junk { border-color: transparent; } .hit.junk img { filter: grayscale(1); opacity: .55; }
        .hit.junk figcaption { color: var(--soft); font-weight: 500; }
        .right figcaption, .key.right { color: var(--good); background: var(--good-ground); }
        .wrong figcaption, .key.wrong { color: var(--bad); background: var(--bad-ground); }
        .key { padding: 2px 9px; border-radius: 999px; font-weight: 600; margin-right: 8px; }
        .key.missed, .key.junk, .key.region { background: var(--sunken); }
        .empty { padding: 28px; border: 1px dashed var(--rule); border-radius: 14px; color: var(--soft); margin: 0; }
        :root { --right: #2f9e6e; --wrong: #d2553f; }
        @media (max-width: 1080px) { .row { grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); } }
        .row.small { grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); }
        @media (max-width: 760px) { .item { grid-template-columns: minmax(0, 1fr); }
          .summary { overflow-x: auto; } .kinds th, .kinds td { padding: 8px 10px; } .wide-cell { display: none; } }
        @media print { .item, .tiles, .kinds, .strip { box-shadow: none; } .item { grid-template-columns: 120px 1fr; } }
        """

    /// Pictures are set as they come near the screen, and all at once for printing; filters hide sections.
    static let script = #"""
        const pictures = JSON.parse(document.getElementById("data").textContent);
        const images = [...document.querySelectorAll("img[data-picture]")];
        const fill = image => { image.src = pictures[image.dataset.picture]; };
        const watcher = new IntersectionObserver(seen => {
          for (const { isIntersecting, target } of seen) {
            if (isIntersecting) { fill(target); watcher.unobserve(target); }
          }
        }, { rootMargin: "800px" });
        images.forEach(image => watcher.observe(image));
        addEventListener("beforeprint", () => images.forEach(fill));

        const all = document.getElementById("all"), imperfect = document.getElementById("imperfect");
        const kinds = [...document.querySelectorAll("button[data-kind]")];
        const sections = [...document.querySelectorAll(".item")];
        const isOn = button => button.getAttribute("aria-pressed") === "true";
        const set = (button, on) => button.setAttribute("aria-pressed", on);

        function apply() {
          const chosen = kinds.filter(isOn).map(button => button.dataset.kind);
          set(all, chosen.length === 0);
          let shown = 0;
          for (const section of sections) {
            const fits = chosen.length === 0 || chosen.includes(section.dataset.kind);
            section.hidden = !fits || (isOn(imperfect) ? section.dataset.perfect === "true" : false);
            if (!section.hidden) shown += 1;
          }
          document.getElementById("none").hidden = shown !== 0;
        }

        for (const button of [...kinds, imperfect]) {
          button.addEventListener("click", () => { set(button, !isOn(button)); apply(); });
        }
        all.addEventListener("click", () => { kinds.forEach(button => set(button, false)); apply(); });
        """#
}
