extension ResultSheet {
    /// The match view: pictures side by side, or one above the other where that shows more, with the lines between them.
    static let script = #"""
        const sheet = JSON.parse(document.getElementById("data").textContent);
        const find = id => document.getElementById(id);
        const dialog = find("match"), canvas = find("canvas"), stage = find("stage"), said = find("said");
        const query = find("query-image");
        const openers = [...document.querySelectorAll(".open")];
        const toggles = [...document.querySelectorAll("[data-layer]")];
        let current = -1, lit = -1, groups = [], ties = [];

        function make(parent, tag, attributes) {
          // The page's own svg lends its namespace, so that no address stands in this file.
          const node = document.createElementNS(canvas.namespaceURI, tag);
          for (const key in attributes) node.setAttribute(key, attributes[key]);
          parent.appendChild(node);
          return node;
        }

        // Both pictures get the same height side by side, or the same width stacked; whichever shows more wins.
        function layout(a, b, width, height) {
          const gap = 14;
          const rowHeight = Math.min(height, (width - gap) / (a + b));
          const columnWidth = Math.min(width, (height - gap) / (1 / a + 1 / b));
          const rowArea = rowHeight * rowHeight * (a + b);
          const columnArea = columnWidth * columnWidth * (1 / a + 1 / b);
          if (rowArea >= columnArea) {
            const left = (width - gap - rowHeight * (a + b)) / 2, top = (height - rowHeight) / 2;
            return [{ x: left, y: top, w: rowHeight * a, h: rowHeight },
              { x: left + rowHeight * a + gap, y: top, w: rowHeight * b, h: rowHeight }];
          }
          const left = (width - columnWidth) / 2;
          const top = (height - gap - columnWidth * (1 / a + 1 / b)) / 2;
          return [{ x: left, y: top, w: columnWidth, h: columnWidth / a },
            { x: left, y: top + columnWidth / a + gap, w: columnWidth, h: columnWidth / b }];
        }

        function picture(source, box, id) {
          const clip = make(make(canvas, "defs", {}), "clipPath", { id });
          make(clip, "rect", { x: box.x, y: box.y, width: box.w, height: box.h, rx: 8 });
          make(canvas, "image", { href: source, x: box.x, y: box.y, width: box.w, height: box.h,
            preserveAspectRatio: "none", "clip-path": "url(#" + id + ")" });
        }

        function label(box, text) {
          const plate = make(canvas, "rect", { class: "plate", x: box.x + 8, y: box.y + 8, height: 24, rx: 12 });
          const node = make(canvas, "text", { class: "caption", x: box.x + 19, y: box.y + 24 });
          node.textContent = text;
          plate.setAttribute("width", node.getComputedTextLength() + 22);
        }

        function outline(numbers, box, id) {
          if (numbers.length === 0) return;
          const points = [];
          for (let i = 0; numbers.length > i; i += 2) {
            points.push((box.x + numbers[i] / 1e4 * box.w) + "," + (box.y + numbers[i + 1] / 1e4 * box.h));
          }
          make(canvas, "polygon", { class: "outline", points: points.join(" "), "clip-path": "url(#" + id + ")" });
        }

        function draw() {
          const entry = sheet.entries[current];
          const width = stage.clientWidth, height = stage.clientHeight;
          canvas.replaceChildren();
          canvas.setAttribute("viewBox", "0 0 " + width + " " + height);
          const boxes = layout(query.naturalWidth / query.naturalHeight, entry.width / entry.height, width, height);
          picture(query.src, boxes[0], "clip-query");
          picture(entry.image || openers[current].querySelector("img").src, boxes[1], "clip-result");
          outline(entry.queryRegion, boxes[0], "clip-query");
          outline(entry.region, boxes[1], "clip-result");
          groups = [];
          ties = [];
          const l = entry.lines;
          // The hue goes with the place in the query: a true match keeps the order of colours.
          const place = i => l[i] * .6 + l[i + 1] * .4;
          let low = Infinity, high = -Infinity;
          for (let i = 0; l.length > i; i += 4) { low = Math.min(low, place(i)); high = Math.max(high, place(i)); }
          for (let i = 0; l.length > i; i += 4) {
            const x1 = boxes[0].x + l[i] / 1e4 * boxes[0].w, y1 = boxes[0].y + l[i + 1] / 1e4 * boxes[0].h;
            const x2 = boxes[1].x + l[i + 2] / 1e4 * boxes[1].w, y2 = boxes[1].y + l[i + 3] / 1e4 * boxes[1].h;
            const stroke = "hsl(" + Math.round((place(i) - low) / Math.max(1, high - low) * 310) + " 92% 64%)";
            const group = make(canvas, "g", { stroke });
            make(group, "line", { class: "tie", x1, y1, x2, y2 });
            make(group, "circle", { class: "dot", cx: x1, cy: y1, r: 3.2 });
            make(group, "circle", { class: "dot", cx: x2, cy: y2, r: 3.2 });
            groups.push(group);
            ties.push({ x: x1, y: y1, dx: x2 - x1, dy: y2 - y1 });
          }
          label(boxes[0], "Query");
          label(boxes[1], "Result " + entry.title);
          light(-1);
        }

        function light(index) {
          if (groups[lit]) groups[lit].classList.remove("lit");
          lit = index;
          canvas.classList.toggle("dim", lit >= 0);
          const entry = sheet.entries[current], drawn = groups.length;
          if (lit >= 0) {
            groups[lit].classList.add("lit");
            said.textContent = "Line " + (lit + 1) + " of " + drawn;
          } else if (drawn === 0) {
            said.textContent = "No lines: no shared geometry was verified here.";
          } else {
            said.textContent = drawn === entry.total ? drawn + (drawn === 1 ? " line" : " lines")
              : drawn + " of " + entry.total + " lines drawn";
          }
        }

        // The nearest line within reach; lines lie too close for each to be a target of its own.
        function follow(event) {
          const frame = canvas.getBoundingClientRect();
          const x = event.clientX - frame.left, y = event.clientY - frame.top;
          let best = -1, reach = 8;
          ties.forEach((tie, index) => {
            const along = ((x - tie.x) * tie.dx + (y - tie.y) * tie.dy) / (tie.dx * tie.dx + tie.dy * tie.dy || 1);
            const t = Math.max(0, Math.min(1, along));
            const distance = Math.hypot(tie.x + t * tie.dx - x, tie.y + t * tie.dy - y);
            if (reach > distance) { reach = distance; best = index; }
          });
          if (best !== lit) light(best);
        }

        function show(index) {
          current = index;
          const entry = sheet.entries[index];
          find("match-title").textContent = entry.title;
          find("match-facts").textContent = entry.facts;
          canvas.setAttribute("aria-label", "The query beside result " + entry.title + ": " + entry.facts);
          find("previous").disabled = index === 0;
          find("next").disabled = index === sheet.entries.length - 1;
          if (!dialog.open) dialog.showModal();
          draw();
        }

        function step(by) {
          const next = current + by;
          if (sheet.entries[next]) show(next);
        }

        function toggle(button) {
          const on = button.getAttribute("aria-pressed") !== "true";
          button.setAttribute("aria-pressed", on);
          canvas.classList.toggle("no-" + button.dataset.layer, !on);
        }

        openers.forEach((opener, index) => opener.addEventListener("click", () => show(index)));
        toggles.forEach(button => button.addEventListener("click", () => toggle(button)));
        stage.addEventListener("pointermove", follow);
        stage.addEventListener("pointerdown", follow);
        stage.addEventListener("pointerleave", () => { if (lit !== -1) light(-1); });
        find("previous").addEventListener("click", () => step(-1));
        find("next").addEventListener("click", () => step(1));
        find("close").addEventListener("click", () => dialog.close());
        dialog.addEventListener("close", () => { if (openers[current]) openers[current].focus(); });
        addEventListener("resize", () => { if (dialog.open) draw(); });
        dialog.addEventListener("keydown", event => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const count = groups.length;
          const actions = {
            ArrowLeft: () => step(-1), ArrowRight: () => step(1),
            ArrowDown: () => { if (count) light((lit + 1) % count); },
            ArrowUp: () => { if (count) light(((lit === -1 ? 0 : lit) + count - 1) % count); },
            l: () => toggle(toggles[0]), p: () => toggle(toggles[1]), r: () => toggle(toggles[2])
          };
          const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
          if (action) { event.preventDefault(); action(); }
        });
        const asked = /^#result-(\d+)$/.exec(location.hash);
        if (asked) { if (sheet.entries[asked[1] - 1]) query.decode().then(() => show(asked[1] - 1)); }
        """#
}
