extension AblationPage {
    /// Another baseline, sorting, which lines are shown, and the picture of all queries. All markup it puts in comes ready from
    /// the page's data, which holds numbers alone; names are set as text.
    static let script = #"""
        const data = JSON.parse(document.getElementById("data").textContent);
        const table = document.getElementById("variants"), body = table.tBodies[0];
        let baseline = data.baseline;

        function choose(next) {
          baseline = next;
          for (const row of body.rows) {
            const cells = data.cells[baseline][row.dataset.row];
            for (const cell of row.querySelectorAll("[data-cell]")) {
              cell.innerHTML = cells[cell.dataset.cell];
              if (cell.dataset.cell !== "plot") cell.dataset.value = cells[cell.dataset.cell + "Key"];
            }
            row.classList.toggle("base", Number(row.dataset.row) === baseline);
          }
          table.querySelector(".difference .axis-row").innerHTML = data.axes[baseline];
          for (const button of body.querySelectorAll("[data-baseline]")) {
            button.setAttribute("aria-pressed", Number(button.dataset.baseline) === baseline);
          }
          paint();
        }
        for (const button of body.querySelectorAll("[data-baseline]")) {
          button.addEventListener("click", () => choose(Number(button.dataset.baseline)));
        }

        const heads = [...table.tHead.rows[0].cells];
        const columnOf = head => heads.slice(0, heads.indexOf(head)).reduce((sum, cell) => sum + cell.colSpan, 0);
        for (const button of table.tHead.querySelectorAll("[data-sort]")) {
          button.addEventListener("click", () => {
            const head = button.closest("th"), column = columnOf(head), isText = button.dataset.sort === "text";
            const first = isText ? "ascending" : "descending";
            const now = head.getAttribute("aria-sort");
            const next = now === null ? first : now === "ascending" ? "descending" : "ascending";
            heads.forEach(cell => cell.removeAttribute("aria-sort"));
            head.setAttribute("aria-sort", next);
            const sign = next === "ascending" ? 1 : -1;
            const value = row => row.cells[column].dataset.value ?? "";
            const rows = [...body.rows].sort((a, b) => {
              const [left, right] = [value(a), value(b)];
              if (left === "" || right === "") return (left === "") - (right === "");
              return sign * (isText ? left.localeCompare(right) : Number(left) - Number(right));
            });
            body.append(...rows);
          });
        }

        const toggles = [...document.querySelectorAll("[data-toggle]")];
        const show = (button, on) => {
          button.setAttribute("aria-pressed", on);
          for (const item of document.querySelectorAll(`.charts [data-series="${button.dataset.toggle}"]`)) {
            item.classList.toggle("gone", !on);
          }
        };
        toggles.forEach(button => button.addEventListener("click",
          () => show(button, button.getAttribute("aria-pressed") !== "true")));
        document.getElementById("every")?.addEventListener("click", () => toggles.forEach(button => show(button, true)));
        document.getElementById("nothing")?.addEventListener("click", () => toggles.forEach(button => show(button, false)));

        function light(series) {
          for (const card of document.querySelectorAll(".chart-card")) {
            card.classList.toggle("dim", series !== null);
            for (const item of card.querySelectorAll("[data-series]")) {
              item.classList.toggle("lit", item.dataset.series === series);
            }
          }
        }
        for (const item of [...document.querySelectorAll("[data-row]"), ...toggles]) {
          item.addEventListener("pointerenter", () => light(item.dataset.row ?? item.dataset.toggle));
          item.addEventListener("pointerleave", () => light(null));
        }

        const strip = document.getElementById("strip"), readout = document.getElementById("readout");
        const rows = [];
        if (strip) {
          const kinds = document.createElement("div");
          kinds.className = "strip-kinds";
          let start = 0;
          data.queries.forEach((query, index) => {
            if (index + 1 < data.queries.length && data.queries[index + 1].kind === query.kind) return;
            const label = document.createElement("i");
            label.textContent = label.title = query.kind;
            label.style.width = `${100 * (index + 1 - start) / data.queries.length}%`;
            kinds.append(label);
            start = index + 1;
          });
          const line = (name, content) => {
            const row = document.createElement("div"), label = document.createElement("span");
            row.className = "strip-row";
            label.textContent = label.title = name;
            row.append(label, content);
            strip.append(row);
            return row;
          };
          if (data.queries.some(query => query.kind !== "")) line("", kinds);
          data.names.forEach((name, index) => {
            const canvas = document.createElement("canvas");
            canvas.setAttribute("role", "img");
            canvas.setAttribute("aria-label", `${name}, query by query`);
            rows.push({ canvas, row: line(name, canvas), index });
            canvas.addEventListener("pointermove", event => tell(index, event));
          });
        }

        const column = (canvas, event) => {
          const box = canvas.getBoundingClientRect();
          const place = Math.floor((event.clientX - box.left) / box.width * data.queries.length);
          return Math.min(data.queries.length - 1, Math.max(0, place));
        };
        const digits = value => value === null ? "–" : value.toFixed(3);
        function tell(index, event) {
          const query = column(event.target, event), name = document.createElement("b");
          name.textContent = data.queries[query].name;
          const mine = data.figures[index][query], theirs = data.figures[baseline][query];
          const parts = [` ${data.queries[query].kind} · ${data.names[index]} ${digits(mine)}`,
            `${data.names[baseline]} ${digits(theirs)}`];
          if (mine !== null && theirs !== null) parts.push(`${mine < theirs ? "−" : "+"}${Math.abs(mine - theirs).toFixed(3)}`);
          readout.replaceChildren(name, parts.join(" · "));
        }

        function paint() {
          const style = getComputedStyle(document.documentElement);
          const colours = { up: style.getPropertyValue("--up"), down: style.getPropertyValue("--down") };
          for (const { canvas, row, index } of rows) {
            row.hidden = index === baseline;
            row.style.display = index === baseline ? "none" : "";
            const box = canvas.getBoundingClientRect(), scale = devicePixelRatio || 1;
            if (index === baseline || box.width === 0) continue;
            canvas.width = Math.round(box.width * scale);
            canvas.height = Math.round(box.height * scale);
            const pen = canvas.getContext("2d"), step = canvas.width / data.queries.length;
            const gap = step > 5 * scale ? scale : 0;
            data.figures[index].forEach((mine, query) => {
              const theirs = data.figures[baseline][query];
              if (mine === null || theirs === null || mine === theirs) return;
              pen.fillStyle = mine > theirs ? colours.up : colours.down;
              pen.globalAlpha = Math.min(1, 0.2 + 0.8 * Math.sqrt(Math.abs(mine - theirs)));
              pen.fillRect(query * step, 0, Math.max(step - gap, 1), canvas.height);
            });
          }
        }
        paint();
        addEventListener("resize", paint);
        document.getElementById("theme").addEventListener("click", paint);
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
        """#
}
