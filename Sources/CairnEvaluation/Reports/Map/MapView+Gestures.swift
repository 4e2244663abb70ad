extension MapView {
    /// Pointer, wheel, keys, buttons.
    static let moveScript = #"""

        let asked = false;
        function paint() {
          if (asked) return;
          asked = true;
          requestAnimationFrame(() => {
            asked = false;
            settle();
            paintGround();
            paintTiles();
            paintLines();
            paintPins();
          });
        }

        function zoomAt(x, y, by) {
          const before = side();
          const px = view.x + (x - view.width / 2) / before, py = view.y + (y - view.height / 2) / before;
          view.zoom += by;
          settle();
          view.x = px - (x - view.width / 2) / side();
          view.y = py - (y - view.height / 2) / side();
          paint();
        }
        const zoomBy = by => zoomAt(view.width / 2, view.height / 2, by);
        function pan(dx, dy) { view.x -= dx / side(); view.y -= dy / side(); paint(); }
        function fitAll() { close(); fit(); paint(); }

        const fingers = new Map();
        let moved = false;
        const isGround = target => target === root || target === ground || target === overlay;
        root.addEventListener("pointerdown", event => {
          if (!isGround(event.target) || event.button > 0) return;
          fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
          moved = false;
          root.setPointerCapture(event.pointerId);
        });
        root.addEventListener("pointermove", event => {
          const old = fingers.get(event.pointerId);
          if (!old) return;
          const now = { x: event.clientX, y: event.clientY };
          if (Math.hypot(now.x - old.x, now.y - old.y) > 2) moved = true;
          if (fingers.size === 2) {
            const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
            const frame = root.getBoundingClientRect();
            const was = Math.hypot(old.x - other.x, old.y - other.y), is = Math.hypot(now.x - other.x, now.y - other.y);
            pan((now.x - old.x) / 2, (now.y - old.y) / 2);
            if (was > 0 && is > 0) {
              zoomAt((now.x + other.x) / 2 - frame.left, (now.y + other.y) / 2 - frame.top, Math.log2(is / was));
            }
          } else if (fingers.size === 1) {
            pan(now.x - old.x, now.y - old.y);
          }
          fingers.set(event.pointerId, now);
        });
        const lift = event => {
          if (fingers.delete(event.pointerId) && !moved && event.type === "pointerup") close();
        };
        root.addEventListener("pointerup", lift);
        root.addEventListener("pointercancel", lift);
        root.addEventListener("dblclick", event => {
          if (!isGround(event.target)) return;
          const frame = root.getBoundingClientRect();
          zoomAt(event.clientX - frame.left, event.clientY - frame.top, event.shiftKey ? -1 : 1);
        });
        root.addEventListener("wheel", event => {
          // In a page that scrolls the wheel belongs to the page until the map was clicked.
          if (popup.contains(event.target)) return;
          if (!mapData.fillsPage && !event.ctrlKey && !root.contains(document.activeElement)) return;
          event.preventDefault();
          const frame = root.getBoundingClientRect(), unit = [1, 33, 400][event.deltaMode] || 1;
          const by = clamp(-event.deltaY * unit / (event.ctrlKey ? 80 : 320), -1, 1);
          zoomAt(event.clientX - frame.left, event.clientY - frame.top, by);
        }, { passive: false });
        root.addEventListener("keydown", event => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const actions = {
            ArrowLeft: () => pan(80, 0), ArrowRight: () => pan(-80, 0), ArrowUp: () => pan(0, 80),
            ArrowDown: () => pan(0, -80), "+": () => zoomBy(1), "=": () => zoomBy(1), "-": () => zoomBy(-1),
            "_": () => zoomBy(-1), "0": fitAll, Escape: () => { close(); root.focus({ preventScroll: true }); }
          };
          const action = actions[event.key];
          if (action) { event.preventDefault(); event.stopPropagation(); action(); }
        });
        byId("in").addEventListener("click", () => zoomBy(1));
        byId("out").addEventListener("click", () => zoomBy(-1));
        byId("fit").addEventListener("click", fitAll);
        const switcher = byId("tiles");
        if (switcher && !mayAsk) {
          switcher.disabled = true;
          switcher.setAttribute("aria-pressed", false);
          byId("why").hidden = false;
          byId("credit-tiles").hidden = true;
        } else if (switcher) {
          switcher.addEventListener("click", () => {
            wantsTiles = !wantsTiles;
            restUntil = 0;
            switcher.setAttribute("aria-pressed", wantsTiles);
            byId("credit-tiles").hidden = !wantsTiles;
            paint();
          });
        }
        // A list beside the map leads to its markers.
        for (const button of document.querySelectorAll("[data-spot]")) {
          button.addEventListener("click", () => {
            const spot = spots[button.dataset.spot];
            view.x = spot.x;
            view.y = spot.y;
            view.zoom = Math.max(view.zoom, 15);
            close();
            settle();
            paintPins();
            const one = groups.find(each => each.members.includes(spot));
            if (one) open(one, spot);
          });
        }
        let sized = false;
        new ResizeObserver(() => {
          view.width = root.clientWidth;
          view.height = root.clientHeight;
          if (!sized && view.width > 0) { sized = true; fit(); }
          paint();
        }).observe(root);
        document.getElementById("theme").addEventListener("click", () => paint());
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint());
        """#
}
