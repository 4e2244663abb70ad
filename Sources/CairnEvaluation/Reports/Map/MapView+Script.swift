extension MapView {
    /// The map: positions are shares of the Mercator square, x to the east and y to the south, 0...1.
    static let script =
        "{\nconst mapData = JSON.parse(document.getElementById(\"data\").textContent).map;\nif (mapData) {\n"
        + worldScript + paintScript + pinScript + moveScript + "\n}\n}"

    /// Projection, the view, the coastline.
    private static let worldScript = #"""
        const byId = id => document.getElementById("map-" + id);
        const root = document.getElementById("map"), ground = byId("ground"), overlay = byId("lines");
        const pictures = byId("pictures"), pins = byId("pins"), popup = byId("popup");
        const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
        const eastOf = longitude => (longitude + 180) / 360;
        const southOf = latitude => {
          const angle = clamp(latitude, -85.05112878, 85.05112878) * Math.PI / 180;
          return .5 - Math.asinh(Math.tan(angle)) / (2 * Math.PI);
        };
        const latitudeOf = y => Math.atan(Math.sinh((.5 - y) * 2 * Math.PI)) * 180 / Math.PI;
        const spots = mapData.places.map((place, index) =>
          ({ index, place, x: eastOf(place.longitude), y: southOf(place.latitude) }));

        const deepest = mapData.tiles ? Math.max(mapData.tiles.maximumZoom, 18) : 18;
        const coastEnd = 9;
        const view = { x: .5, y: .5, zoom: 1, width: 1, height: 1 };
        const side = () => 256 * 2 ** view.zoom;
        // The copy of the world whose point is nearest to the middle of the view.
        const near = x => { const d = x - view.x; return d - Math.round(d); };
        const screen = (x, y) => [view.width / 2 + near(x) * side(), view.height / 2 + (y - view.y) * side()];

        function settle() {
          view.zoom = clamp(view.zoom, Math.log2(Math.max(view.height, 160) / 256), deepest);
          view.x -= Math.floor(view.x);
          const half = view.height / 2 / side();
          view.y = half >= .5 ? .5 : clamp(view.y, half, 1 - half);
        }

        // All markers with room around them. Longitudes are a circle: the widest gap between them is what is left out.
        function fit() {
          if (spots.length === 0) { view.x = .5; view.y = .45; view.zoom = 0; return; }
          const xs = spots.map(spot => spot.x % 1).sort((a, b) => a - b);
          let gap = xs[0] + 1 - xs[xs.length - 1], first = xs[0];
          for (let i = 1; i < xs.length; i += 1) {
            if (xs[i] - xs[i - 1] > gap) { gap = xs[i] - xs[i - 1]; first = xs[i]; }
          }
          const ys = spots.map(spot => spot.y);
          const top = Math.min(...ys), bottom = Math.max(...ys), wide = 1 - gap, tall = bottom - top;
          const room = (pixels, share) => share > 0 ? Math.log2(Math.max(60, pixels - 110) / (256 * share)) : Infinity;
          view.x = first + wide / 2;
          view.y = (top + bottom) / 2;
          view.zoom = Math.min(room(view.width, wide), room(view.height, tall), 15);
        }

        // Rings of differences, as WorldCoastline has them; the date line and the pole's edge are filled to, not drawn.
        const land = new Path2D(), shore = new Path2D();
        for (const code of mapData.coast.split(",")) {
          const numbers = [];
          let value = 0, shift = 0;
          for (let i = 0; i < code.length; i += 1) {
            const bits = code.charCodeAt(i) - 63;
            value |= (bits & 31) << shift;
            if (bits & 32) { shift += 5; continue; }
            numbers.push(value & 1 ? -((value + 1) >> 1) : value >> 1);
            value = 0;
            shift = 0;
          }
          let x = 0, y = 0, start = null, seam = true;
          const to = (path, draw, point) => draw ? path.lineTo(point[0], point[1]) : path.moveTo(point[0], point[1]);
          for (let i = 0; i + 1 < numbers.length; i += 2) {
            x += numbers[i];
            y += numbers[i + 1];
            const longitude = x / mapData.scale, latitude = y / mapData.scale;
            const edge = Math.abs(longitude) > 179.9 || -89 > latitude;
            const point = [eastOf(longitude), southOf(latitude)];
            to(land, start !== null, point);
            to(shore, start !== null && !(edge && seam), point);
            seam = edge;
            start = start || point;
          }
          land.closePath();
          if (!seam) shore.lineTo(start[0], start[1]);
        }
        """#

    /// Ground, tiles, graticule, lines.
    private static let paintScript = #"""

        const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

        function sheetOf(canvas) {
          const ratio = Math.min(3, devicePixelRatio || 1);
          const width = Math.round(view.width * ratio), height = Math.round(view.height * ratio);
          if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
          const pen = canvas.getContext("2d");
          pen.setTransform(ratio, 0, 0, ratio, 0, 0);
          pen.clearRect(0, 0, view.width, view.height);
          return { pen, ratio };
        }

        function paintGround() {
          const { pen, ratio } = sheetOf(ground);
          const world = side(), far = view.zoom > coastEnd;
          pen.fillStyle = colour(far ? "--land" : "--sea");
          pen.fillRect(0, 0, view.width, view.height);
          if (far) return;
          const half = view.width / 2 / world;
          for (let copy = Math.floor(view.x - half); copy <= Math.floor(view.x + half); copy += 1) {
            pen.setTransform(ratio * world, 0, 0, ratio * world, ratio * (view.width / 2 + (copy - view.x) * world),
              ratio * (view.height / 2 - view.y * world));
            pen.fillStyle = colour("--land");
            pen.fill(land, "evenodd");
            pen.strokeStyle = colour("--coast");
            pen.lineWidth = 1 / world;
            pen.stroke(shore);
          }
        }

        const steps = [60, 30, 15, 10, 5, 2, 1, .5, .2, .1, .05, .02, .01, .005, .002, .001, .0005, .0002];
        function degrees(value, step, marks) {
          const digits = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
          const size = Math.abs(value).toFixed(digits);
          return size + "°" + (Number(size) === 0 || Number(size) === 180 ? "" : " " + marks[value < 0 ? 1 : 0]);
        }

        function paintLines() {
          const { pen } = sheetOf(overlay), world = side();
          const step = steps.reduce((best, next) => next / 360 * world >= 96 ? next : best, steps[0]);
          pen.lineWidth = 1;
          pen.strokeStyle = colour("--grid");
          pen.font = "11px system-ui, sans-serif";
          pen.lineJoin = "round";
          const write = (text, x, y) => {
            pen.save();
            pen.lineWidth = 3;
            pen.strokeStyle = colour("--surface");
            pen.strokeText(text, x, y);
            pen.fillStyle = colour("--soft");
            pen.fillText(text, x, y);
            pen.restore();
          };
          const labels = [];
          const half = view.width / 2 / world;
          const west = (view.x - half) * 360 - 180, east = (view.x + half) * 360 - 180;
          for (let i = Math.ceil(west / step); i <= east / step; i += 1) {
            const x = Math.round(view.width / 2 + (eastOf(i * step) - view.x) * world) + .5;
            pen.beginPath(); pen.moveTo(x, 0); pen.lineTo(x, view.height); pen.stroke();
            const value = ((i * step + 180) % 360 + 360) % 360 - 180;
            labels.push([degrees(value, step, "EW"), x + 4, 13]);
          }
          const tall = view.height / 2 / world;
          const north = latitudeOf(clamp(view.y - tall, 0, 1)), south = latitudeOf(clamp(view.y + tall, 0, 1));
          for (let i = Math.ceil(south / step); i <= north / step; i += 1) {
            const y = Math.round(view.height / 2 + (southOf(i * step) - view.y) * world) + .5;
            pen.beginPath(); pen.moveTo(0, y); pen.lineTo(view.width, y); pen.stroke();
            if (y > 30 && view.height - 64 > y) labels.push([degrees(i * step, step, "NS"), 6, y - 4]);
          }
          for (const [text, x, y] of labels) write(text, x, y);
          pen.strokeStyle = colour("--tie");
          pen.lineWidth = 2;
          pen.setLineDash([6, 5]);
          for (const [from, to] of mapData.connections) {
            const a = spots[from], b = spots[to], turn = b.x - a.x;
            const [x, y] = screen(a.x, a.y);
            pen.beginPath();
            pen.moveTo(x, y);
            pen.lineTo(x + (turn - Math.round(turn)) * world, y + (b.y - a.y) * world);
            pen.stroke();
          }
          pen.setLineDash([]);
          const metres = 40075016.686 * Math.cos(latitudeOf(view.y) * Math.PI / 180) / world;
          const power = 10 ** Math.floor(Math.log10(metres * 110));
          const length = [5, 2, 1].find(factor => factor * power <= metres * 110) * power;
          byId("bar").style.width = length / metres + "px";
          byId("length").textContent = length >= 1000 ? length / 1000 + " km" : length + " m";
        }

        // Tiles fail without a word: a failed one is not asked for again, after eight in a row none is for half a minute.
        const tiles = new Map(), lost = new Set();
        // A page from a disk has no Referer to send; asking a server that wants one would only fetch its refusals.
        const mayAsk = Boolean(mapData.tiles) && (!mapData.tiles.needsReferrer || location.protocol.startsWith("http"));
        let failures = 0, restUntil = 0, wantsTiles = mayAsk;
        function place(tile) {
          const world = side(), scale = world / 2 ** tile.zoom;
          tile.node.style.width = tile.node.style.height = "256px";
          tile.node.style.transform = "translate(" + (view.width / 2 + (tile.x / 2 ** tile.zoom - view.x) * world) + "px,"
            + (view.height / 2 + (tile.y / 2 ** tile.zoom - view.y) * world) + "px) scale(" + scale / 256 + ")";
        }
        function paintTiles() {
          if (!wantsTiles) { for (const tile of tiles.values()) tile.node.remove(); tiles.clear(); return; }
          const zoom = clamp(Math.round(view.zoom), 0, mapData.tiles.maximumZoom), count = 2 ** zoom, world = side();
          const left = Math.floor((view.x - view.width / 2 / world) * count);
          const right = Math.floor((view.x + view.width / 2 / world) * count);
          const top = Math.max(0, Math.floor((view.y - view.height / 2 / world) * count));
          const bottom = Math.min(count - 1, Math.floor((view.y + view.height / 2 / world) * count));
          const needed = new Set();
          for (let y = top; y <= bottom; y += 1) {
            for (let x = left; x <= right; x += 1) {
              const key = zoom + "/" + x + "/" + y, column = (x % count + count) % count;
              if (needed.size >= 200 || lost.has(zoom + "/" + column + "/" + y)) continue;
              needed.add(key);
              if (tiles.has(key) || performance.now() < restUntil) continue;
              const node = new Image(), tile = { node, zoom, x, y, done: false };
              node.alt = "";
              node.draggable = false;
              node.referrerPolicy = "strict-origin-when-cross-origin";
              node.style.zIndex = zoom;
              node.onload = () => { tile.done = true; failures = 0; node.classList.add("ready"); paint(); };
              node.onerror = () => {
                tiles.delete(key);
                node.remove();
                lost.add(zoom + "/" + column + "/" + y);
                failures += 1;
                if (failures >= 8) {
                  restUntil = performance.now() + 30000;
                  lost.clear();
                  failures = 0;
                }
              };
              tiles.set(key, tile);
              pictures.appendChild(node);
              node.src = mapData.tiles.template.replace("{z}", zoom).replace("{x}", column).replace("{y}", y);
            }
          }
          const whole = [...needed].every(key => tiles.has(key) && tiles.get(key).done);
          for (const [key, tile] of tiles) {
            // Tiles of the zoom left behind stay under the new ones until those are there.
            if (!needed.has(key) && (whole || tile.zoom === zoom || !tile.done)) { tile.node.remove(); tiles.delete(key); }
            else place(tile);
          }
        }
        addEventListener("online", () => { restUntil = 0; lost.clear(); paint(); });
        """#
}
