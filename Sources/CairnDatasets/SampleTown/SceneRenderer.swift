import CairnImaging

/// Puts a landmark, what surrounds it and what hides it into one picture.
enum SceneRenderer {
    /// Renders a view. Back to front: sky and ground, neighbours, roofs and flanks, crowns, the façade, what stands in front.
    static func render(_ landmark: Landmark, _ conditions: ViewConditions) -> RGBImage {
        var random = SplitMix64(seed: conditions.seed, path: 70)
        let pose = conditions.pose
        let canvas = Canvas(width: conditions.size.width, height: conditions.size.height, scale: 1, top: 0)
        let environment = Environment(
            place: landmark.design.detailSeed, inPark: landmark.design.inPark, time: conditions.time, random: &random)
        let light = environment.light
        environment.paint(on: canvas, pose: pose)
        if landmark.design.inPark { plantTrees(around: landmark, light: light, pose: pose, on: canvas) }
        for panel in landmark.street { draw(panel, pose: pose, light: light, on: canvas) }
        let eye = pose.center
        func offset(_ panel: Panel) -> Double {
            let centre = panel.origin + panel.across * Double(panel.texture.width) / 2
            let d = centre - eye
            return (d * d).sum()
        }
        for panel in landmark.sides.filter({ $0.faces(eye) }).sorted(by: { offset($0) > offset($1) }) {
            draw(panel, pose: pose, light: light, on: canvas)
        }
        for crown in landmark.crowns.sorted(by: { abs($0.axis.x - eye.x) > abs($1.axis.x - eye.x) }) {
            PanelRasterizer.draw(
                crown.texture, map: crown.map(for: pose), gain: light.front.mixed(light.roof, 0.5), glow: light.glow,
                on: canvas)
        }
        PanelRasterizer.draw(
            landmark.facade.texture, map: map(landmark.facade, pose), gain: light.front, glow: light.glow,
            shadow: conditions.shadow, on: canvas)
        if conditions.occluders > 0 {
            var painter = OccluderPainter(canvas: canvas, light: light, random: random.split())
            painter.scatter(conditions.occluders, pose: pose, width: Double(landmark.design.width))
        }
        let developer = ViewDeveloper(
            exposure: conditions.exposure, balance: conditions.balance, noise: conditions.noise, blur: conditions.blur,
            seed: UInt32(truncatingIfNeeded: random.next()))
        return developer.develop(canvas)
    }

    /// The map from a panel's texture to the view.
    static func map(_ panel: Panel, _ pose: CameraPose) -> PlaneMap {
        pose.map(origin: panel.origin, across: panel.across, down: panel.down)
    }

    /// Draws a panel in its light.
    static func draw(_ panel: Panel, pose: CameraPose, light: SceneLight, on canvas: Canvas) {
        PanelRasterizer.draw(
            panel.texture, map: map(panel, pose), gain: light.gain(panel.facing), glow: light.glow, on: canvas)
    }

    /// Trees beside and behind a building in a park; always the same ones.
    private static func plantTrees(around landmark: Landmark, light: SceneLight, pose: CameraPose, on canvas: Canvas) {
        var fixed = SplitMix64(seed: landmark.design.detailSeed, path: 80)
        let width = landmark.design.width
        var spots = (0..<7).map { index in
            let away = fixed.float(2...22)
            return (x: index % 2 == 0 ? -away : width + away, z: -fixed.float(2...22))
        }
        spots.sort { $0.z < $1.z }
        var painter = OccluderPainter(canvas: canvas, light: light, random: fixed.split())
        for spot in spots {
            let foot = pose.project(x: Double(spot.x), y: 0, z: Double(spot.z))
            guard foot.depth > 3 else { continue }
            painter.draw(.tree, x: Float(foot.x), y: Float(foot.y), scale: Float(pose.focalLength / foot.depth))
        }
    }
}
