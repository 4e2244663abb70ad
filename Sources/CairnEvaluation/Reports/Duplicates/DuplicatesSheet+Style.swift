extension DuplicatesSheet {
    /// The duplicates sheet's own style.
    static let style = """
        .page { padding: clamp(20px, 3vw, 40px); max-width: 1680px; margin: 0 auto; }
        .top { display: flex; flex-wrap: wrap; gap: 14px 30px; align-items: flex-end; justify-content: space-between;
          margin-bottom: clamp(20px, 3vw, 34px); }
        .actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
        .tool.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        .says { color: var(--soft); font-size: 13px; }
        .group { padding: 18px 20px 20px; margin-bottom: 16px; background: var(--surface); border: 1px solid var(--rule);
          border-radius: 14px; box-shadow: var(--shadow); content-visibility: auto; contain-intrinsic-size: auto 420px; }
        .group header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; margin-bottom: 14px; }
        .group h2 { margin: 0; }
        .group header p { margin: 0; overflow-wrap: anywhere; min-width: 0; }
        .group .says { margin-left: auto; }
        .photos { list-style: none; margin: 0; padding: 0; display: grid; gap: 14px;
          grid-template-columns: repeat(auto-fill, minmax(210px, 1fr)); }
        .card { border: 2px solid var(--rule); border-radius: 12px; overflow: hidden; background: var(--ground);
          break-inside: avoid; }
        .card.kept { border-color: var(--accent); }
        .card img, .gone { display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: contain; background: var(--sunken); }
        .gone { display: grid; place-items: center; color: var(--soft); font-size: 12.5px; }
        .card:not(.kept) img { opacity: .62; }
        .text { padding: 10px 12px 12px; }
        .keep { display: inline-flex; align-items: center; gap: 7px; margin-right: 8px; font-weight: 600; cursor: pointer;
          font-size: 13.5px; }
        .text .chip { vertical-align: 2px; }
        .keep input { width: 17px; height: 17px; margin: 0; accent-color: var(--accent); }
        .text .name { margin-top: 7px; }
        .clamped { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
        .facts { list-style: none; margin: 6px 0 0; padding: 0; font-size: 13px; }
        .like { margin-top: 4px; font-size: 12.5px; color: var(--soft); }
        .empty { padding: 28px; border: 1px dashed var(--rule); border-radius: 14px; color: var(--soft); margin: 0; }
        dialog { width: min(900px, 92vw); max-height: 86vh; padding: 18px 20px 20px; border: 1px solid var(--rule);
          border-radius: 14px; background: var(--surface); color: var(--ink); box-shadow: var(--shadow); }
        dialog::backdrop { background: rgb(0 0 0 / .5); }
        dialog header { display: flex; align-items: center; justify-content: space-between; }
        dialog h2 { margin: 0; }
        textarea { width: 100%; height: min(56vh, 480px); resize: vertical; padding: 12px; border-radius: 10px;
          border: 1px solid var(--rule); background: var(--sunken); color: var(--ink);
          font: 12.5px/1.55 ui-monospace, "SF Mono", Consolas, monospace; }
        @media (max-width: 560px) { .group { padding: 14px; } .photos { gap: 10px;
          grid-template-columns: repeat(2, minmax(0, 1fr)); } .group .says { margin-left: 0; } }
        @media print { .group { box-shadow: none; content-visibility: visible; } dialog { display: none; }
          .photos { grid-template-columns: repeat(4, 1fr); } }
        """

    /// What is kept, and the list of what is not. A path with a line break cannot stand in a list of lines: it is left out,
    /// and the page says so, because half of such a path may be another file's.
    static let script = #"""
        const sheet = JSON.parse(document.getElementById("data").textContent);
        const find = id => document.getElementById(id);
        const images = [...document.querySelectorAll("img[data-picture]")];
        const fill = image => { image.src = sheet.pictures[image.dataset.picture]; };
        const watcher = new IntersectionObserver(seen => {
          for (const { isIntersecting, target } of seen) {
            if (isIntersecting) { fill(target); watcher.unobserve(target); }
          }
        }, { rootMargin: "800px" });
        for (const image of images) { image.decoding = "async"; watcher.observe(image); }
        addEventListener("beforeprint", () => images.forEach(fill));

        const kept = sheet.groups.map(group => new Set([group.keep]));
        const sections = [...document.querySelectorAll(".group")];
        const breaks = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;
        const words = (count, noun) => count + " " + noun + (count === 1 ? "" : "s");
        function size(bytes) {
          const units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
          let value = bytes, unit = 0;
          while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit += 1; }
          return (unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)) + " " + units[unit];
        }

        // The paths of these groups that would go, what they hold, and how many cannot be listed.
        function goingOf(numbers) {
          const result = { paths: [], bytes: 0, odd: 0 };
          for (const number of numbers) {
            const group = sheet.groups[number];
            group.paths.forEach((path, photo) => {
              if (kept[number].has(photo)) return;
              if (breaks.test(path)) { result.odd += 1; return; }
              result.paths.push(path);
              result.bytes += group.bytes[photo];
            });
          }
          return result;
        }
        const everything = () => goingOf(sheet.groups.keys());
        const oddly = count => count === 0 ? "" : "; " + words(count, "path") + " with a line break left out";
        const about = going => words(going.paths.length, "photo") + " would go"
          + (going.bytes > 0 ? ", " + size(going.bytes) : "") + oddly(going.odd);
        const lines = going => going.paths.map(path => path + "\n").join("");

        function tell() {
          const going = everything();
          find("total").textContent = about(going);
          find("copy-all").disabled = going.paths.length === 0;
          find("list-note").textContent = about(going);
          find("paths").value = lines(going);
        }

        function show(section) {
          const number = Number(section.dataset.group);
          for (const box of section.querySelectorAll("[data-photo]")) {
            const on = kept[number].has(Number(box.dataset.photo));
            box.checked = on;
            box.closest(".card").classList.toggle("kept", on);
          }
          const going = goingOf([number]);
          section.querySelector(".says").textContent = going.odd > 0 ? about(going) : "";
          section.querySelector(".copy").disabled = going.paths.length === 0;
        }

        // The clipboard may be refused; then the list is shown with everything selected.
        async function copy(going, where) {
          try {
            await navigator.clipboard.writeText(lines(going));
            where.textContent = words(going.paths.length, "path") + " copied" + oddly(going.odd);
          } catch {
            find("paths").value = lines(going);
            find("list-note").textContent = "Copying was refused: copy the list from here. " + about(going);
            find("list").showModal();
            find("paths").select();
          }
        }

        for (const section of sections) {
          const number = Number(section.dataset.group);
          section.addEventListener("change", event => {
            const photo = Number(event.target.dataset.photo);
            if (event.target.checked) kept[number].add(photo); else kept[number].delete(photo);
            // A group never goes whole: the last one stays.
            if (kept[number].size === 0) kept[number].add(photo);
            show(section);
            tell();
          });
          section.querySelector(".copy").addEventListener("click", () =>
            copy(goingOf([number]), section.querySelector(".says")));
          show(section);
        }
        if (sheet.groups.length > 0) {
          find("copy-all").addEventListener("click", () => copy(everything(), find("total")));
          find("show-list").addEventListener("click", () => { tell(); find("list").showModal(); });
          find("reset").addEventListener("click", () => {
            sheet.groups.forEach((group, number) => { kept[number].clear(); kept[number].add(group.keep); });
            sections.forEach(show);
            tell();
          });
          tell();
        }
        find("close").addEventListener("click", () => find("list").close());
        """#
}
