extension MapView {
    /// Markers, groups of them, and what they say.
    static let pinScript = #"""

        const order = ["query", "answer", "evidence", "landmark"];
        let groups = [], shownGroup = null, nodes = new Map();

        function element(parent, tag, name, text) {
          const node = document.createElement(tag);
          if (name) node.className = name;
          if (text !== undefined) node.textContent = text;
          parent.appendChild(node);
          return node;
        }

        // Markers closer than a marker's width become one, under the first by role. Buckets of a zoom step, so that
        // groups do not change while the map is dragged.
        let groupedAt = null;
        function group() {
          const zoom = Math.round(view.zoom * 2) / 2;
          if (groupedAt === zoom) return false;
          groupedAt = zoom;
          const world = 256 * 2 ** zoom, reach = 22, cells = new Map();
          groups = [];
          const ranked = [...spots].sort((a, b) =>
            order.indexOf(a.place.role) - order.indexOf(b.place.role) || a.index - b.index);
          for (const spot of ranked) {
            const column = Math.floor(spot.x * world / reach), row = Math.floor(spot.y * world / reach);
            let home = null;
            for (let dx = -1; dx <= 1 && !home; dx += 1) {
              for (let dy = -1; dy <= 1 && !home; dy += 1) {
                for (const other of cells.get((column + dx) + ":" + (row + dy)) || []) {
                  const distance = Math.hypot(other.head.x - spot.x, other.head.y - spot.y) * world;
                  if (distance < reach) { home = other; break; }
                }
              }
            }
            // What was asked and what was answered are seen each for itself, unless they are at one and the same spot.
            const apart = home && order.indexOf(spot.place.role) < 2
              && Math.hypot(home.head.x - spot.x, home.head.y - spot.y) * world > 6;
            if (home && !apart) { home.members.push(spot); continue; }
            const made = { head: spot, members: [spot] };
            groups.push(made);
            const key = column + ":" + row;
            if (!cells.has(key)) cells.set(key, []);
            cells.get(key).push(made);
          }
          return true;
        }

        function paintPins() {
          if (group()) {
            const held = document.activeElement && pins.contains(document.activeElement)
              ? Number(document.activeElement.dataset.place) : -1;
            pins.replaceChildren();
            nodes = new Map();
            for (const one of groups) {
              const { place, index } = one.head, count = one.members.length;
              const button = element(pins, "button", place.role);
              button.type = "button";
              button.dataset.place = index;
              button.setAttribute("aria-label", place.words + ": " + place.label
                + (count > 1 ? " and " + (count - 1) + " more" : ""));
              button.setAttribute("aria-expanded", "false");
              element(button, "i", "pin " + place.role);
              if (count > 1) element(button, "span", "more", String(count));
              button.addEventListener("click", () => open(one));
              button.addEventListener("focus", () => reveal(one.head));
              nodes.set(one, button);
              if (index === held) button.focus({ preventScroll: true });
            }
            if (shownGroup) {
              const again = groups.find(one => one.members.includes(shownGroup.head));
              if (again) open(again); else close();
            }
          }
          for (const [one, button] of nodes) {
            const [x, y] = screen(one.head.x, one.head.y);
            const away = x < -40 || y < -40 || x > view.width + 40 || y > view.height + 40;
            button.style.transform = "translate(" + x + "px," + y + "px)";
            button.style.visibility = away ? "hidden" : "visible";
          }
          if (shownGroup) {
            const [x, y] = screen(shownGroup.head.x, shownGroup.head.y);
            const w = popup.offsetWidth, h = popup.offsetHeight;
            const above = y - h - 30;
            popup.style.transform = "translate(" + clamp(x - w / 2, 8, Math.max(8, view.width - w - 8)) + "px,"
              + (above >= 8 ? above : clamp(y + 18, 8, Math.max(8, view.height - h - 8))) + "px)";
          }
        }

        function open(one, first) {
          shownGroup = one;
          for (const [other, button] of nodes) button.setAttribute("aria-expanded", other === one);
          popup.replaceChildren();
          popup.hidden = false;
          const shut = element(popup, "button", "shut", "✕");
          shut.type = "button";
          shut.setAttribute("aria-label", "Close");
          shut.addEventListener("click", () => { close(); root.focus({ preventScroll: true }); });
          const limit = 12;
          const members = first ? [first, ...one.members.filter(each => each !== first)] : one.members;
          for (const { place } of members.slice(0, limit)) {
            const article = element(popup, "article", one.members.length > 1 ? "several" : "");
            if (place.picture) {
              const image = element(article, "img");
              image.alt = place.name || place.label;
              image.src = place.picture;
            }
            element(article, "div", "name", place.label).dir = "auto";
            element(article, "div", "", [place.words, place.probability, place.note].filter(Boolean).join(" · "));
            if (place.name) element(article, "div", "folder", place.name).dir = "auto";
            if (place.folder) element(article, "div", "folder", place.folder).dir = "auto";
            element(article, "div", "folder num", place.coordinates);
          }
          if (one.members.length > limit) {
            element(popup, "article", "folder", "and " + (one.members.length - limit) + " more: zoom in to part them");
          }
          popup.scrollTop = 0;
          paint();
        }

        function close() {
          shownGroup = null;
          popup.hidden = true;
          for (const button of nodes.values()) button.setAttribute("aria-expanded", "false");
        }

        // A marker that gets the focus from outside the view is brought into it.
        function reveal(spot) {
          const [x, y] = screen(spot.x, spot.y);
          if (x >= 0 && y >= 0 && x <= view.width && y <= view.height) return;
          view.x = spot.x;
          view.y = spot.y;
          paint();
        }
        """#
}
