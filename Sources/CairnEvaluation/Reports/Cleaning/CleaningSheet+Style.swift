extension CleaningSheet {
    /// The cleaning sheet's own style.
    static let style = """
        :root { --kept: #2f8f73; --split: #2f6fd0; --recovered: #b98516; --dropped: #c8442f; }
        .page { padding: clamp(20px, 3vw, 40px); max-width: 1680px; margin: 0 auto; }
        .page .lede { overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); margin: clamp(20px, 3vw, 34px) 0 16px;
          background: var(--surface); border: 1px solid var(--rule); border-radius: 14px; box-shadow: var(--shadow); }
        .tiles div { padding: 14px 20px; }
        .tiles dt { color: var(--soft); font-size: 13px; }
        .tiles dd { margin: 0; font-size: 26px; font-weight: 660; letter-spacing: -.02em; line-height: 1.2; }
        .balance { margin-bottom: 24px; font-size: 13px; }
        .whole-bar { display: flex; gap: 2px; height: 14px; border-radius: 7px; overflow: hidden; background: var(--sunken); }
        .whole-bar i { display: block; height: 100%; }
        .balance ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 8px 0 0;
          color: var(--soft); }
        .balance li { display: inline-flex; gap: 7px; align-items: center; }
        .balance li i { width: 11px; height: 11px; border-radius: 3px; }
        .balance b { color: var(--ink); }
        i.kept { background: var(--kept); } i.split { background: var(--split); }
        i.recovered { background: var(--recovered); } i.dropped { background: var(--dropped); }
        .filters { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 18px; }
        .filters .num { opacity: .65; }
        #find { font: inherit; font-size: 13.5px; color: inherit; background: var(--surface); border: 1px solid var(--rule);
          border-radius: 999px; padding: 5px 14px; margin-left: auto; min-width: 180px; }
        .label { padding: 18px 20px; margin-bottom: 16px; background: var(--surface); border: 1px solid var(--rule);
          border-radius: 14px; box-shadow: var(--shadow); content-visibility: auto; contain-intrinsic-size: auto 300px; }
        .label[hidden] { display: none; }
        .label header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; }
        .label h2 { font-size: 17px; letter-spacing: -.01em; text-transform: none; color: var(--ink); margin: 0; }
        .chips { display: flex; flex-wrap: wrap; gap: 6px; margin-left: auto; }
        .chip::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--dot); }
        .chip.kept { --dot: var(--kept); } .chip.split { --dot: var(--split); }
        .chip.recovered { --dot: var(--recovered); } .chip.dropped { --dot: var(--dropped); }
        .groups.beside { display: grid; gap: 0 26px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
        .group { min-width: 0; padding-top: 12px; }
        .group h3 { display: flex; align-items: baseline; gap: 8px; margin: 0 0 8px; padding-bottom: 6px; font-size: 13px;
          font-weight: 500; color: var(--soft); border-bottom: 2px solid var(--line); }
        .group h3 .to { overflow-wrap: anywhere; min-width: 0; }
        .group h3 b { font-weight: 640; color: var(--ink); }
        .group h3 .num { margin-left: auto; }
        .group.kept { --line: var(--kept); } .group.split { --line: var(--split); }
        .group.recovered { --line: var(--recovered); } .group.dropped { --line: var(--dropped); }
        .photos { display: grid; gap: 10px; grid-template-columns: repeat(auto-fill, minmax(118px, 1fr)); }
        figure { margin: 0; min-width: 0; }
        figure img { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: cover; border-radius: 9px;
          background: var(--sunken); }
        .dropped figure img { filter: grayscale(.75); opacity: .85; }
        figcaption { padding: 4px 2px 0; font-size: 12px; line-height: 1.35; }
        .file { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .why { display: block; color: var(--soft); overflow-wrap: anywhere; }
        .more { align-self: center; margin: 0; }
        .empty { padding: 28px; border: 1px dashed var(--rule); border-radius: 14px; color: var(--soft); margin: 0; }
        @media (max-width: 560px) { #find { margin-left: 0; width: 100%; } .label { padding: 14px; }
          .photos { grid-template-columns: repeat(auto-fill, minmax(92px, 1fr)); } .chips { margin-left: 0; width: 100%; } }
        @media print { .label, .tiles { box-shadow: none; content-visibility: visible; } .group { break-inside: avoid; } }
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
        for (const image of images) { image.decoding = "async"; watcher.observe(image); }
        addEventListener("beforeprint", () => images.forEach(fill));

        const all = document.getElementById("all"), search = document.getElementById("find");
        const choices = [...document.querySelectorAll("[data-show]")];
        const sections = [...document.querySelectorAll(".label")].map(node => ({
          node, kinds: node.dataset.kinds.split(" "), name: node.querySelector("h2").textContent.toLowerCase()
        }));
        const isOn = button => button.getAttribute("aria-pressed") === "true";

        function apply() {
          const chosen = choices.filter(isOn).map(button => button.dataset.show);
          const words = search.value.trim().toLowerCase();
          all.setAttribute("aria-pressed", chosen.length === 0);
          let shown = 0;
          for (const { node, kinds, name } of sections) {
            const fits = (chosen.length === 0 || chosen.some(kind => kinds.includes(kind))) && name.includes(words);
            if (node.hidden === fits) node.hidden = !fits;
            if (fits) shown += 1;
          }
          document.getElementById("none").hidden = shown !== 0;
        }

        for (const button of choices) {
          button.addEventListener("click", () => { button.setAttribute("aria-pressed", !isOn(button)); apply(); });
        }
        all.addEventListener("click", () => {
          choices.forEach(button => button.setAttribute("aria-pressed", false));
          search.value = "";
          apply();
        });
        let pending = 0;
        search.addEventListener("input", () => { clearTimeout(pending); pending = setTimeout(apply, 120); });
        """#
}
