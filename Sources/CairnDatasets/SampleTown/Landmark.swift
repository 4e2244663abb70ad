import CairnCore
import CairnImaging

/// One made-up building, painted and ready to be looked at from anywhere.
///
/// Painting takes much longer than a view of it, so whoever takes several views keeps the landmark. It holds about
/// 8 MB of textures.
public struct Landmark: Sendable {
    /// Its invented name; unique in its town. Look-alikes have none: empty.
    public let label: String

    /// The family of buildings that it belongs to: "church", "gate", and so on.
    public var style: String { String(describing: design.style) }

    /// The façade's texture: the plane that a view's homography starts from, in pixels.
    public var facadeSize: ImageSize { ImageSize(width: facade.texture.width, height: facade.texture.height) }

    /// Texture pixels to a metre of façade.
    public let pixelsPerMetre: Double

    /// What its views are drawn from, besides the town's seed: which kind of building, and which of them.
    let stream: (kind: UInt64, index: UInt64)

    let design: LandmarkDesign
    let facade: Panel
    let sides: [Panel]
    let crowns: [CrownPanel]
    let street: [Panel]

    /// The painted façade by itself, over white where there is no wall.
    public var facadeImage: RGBImage {
        let count = facade.texture.width * facade.texture.height
        var bytes = [UInt8](repeating: 0, count: count * 3)
        for index in 0..<count {
            let texel = facade.texture.texels[index]
            let clear = 255 - (texel >> 24)
            for channel in 0..<3 {
                bytes[index * 3 + channel] = UInt8(min(255, (texel >> (8 * UInt32(channel)) & 255) + clear))
            }
        }
        return RGBImage(size: facadeSize, pixels: bytes)
    }

    /// How opaque the façade is at a texture pixel, 0 to 255: below 255 there is a gap to see through, or no wall.
    public func facadeCoverage(x: Int, y: Int) -> UInt8 {
        precondition(
            x >= 0 && x < facade.texture.width && y >= 0 && y < facade.texture.height, "(\(x), \(y)) in \(facadeSize)")
        return UInt8(facade.texture.texels[y * facade.texture.width + x] >> 24)
    }

    init(_ design: LandmarkDesign, label: String, stream: (kind: UInt64, index: UInt64)) {
        self.label = label
        self.stream = stream
        self.design = design
        let margin: Float = 0.9
        let width = design.width + 2 * margin
        let height = design.height + 0.5
        let scale = min(56, min(1_280 / width, (1_000_000 / (width * height)).squareRoot()))
        let canvas = Canvas(
            width: Int((width * scale).rounded()), height: Int((height * scale).rounded()), scale: scale,
            left: -margin, top: height, glows: true)
        var painter = FacadePainter(design, on: canvas, ornaments: 12)
        painter.paint()
        pixelsPerMetre = Double(scale)
        facade = Panel(
            MipTexture(canvas), origin: SIMD3(Double(-margin), Double(height), 0), across: SIMD3(1, 0, 0),
            down: SIMD3(0, -1, 0),
            scale: Double(scale), facing: .front)
        sides = SidePainter(design).paint(scale: min(22, scale * 0.5))
        var crownPainter = CrownPainter(design)
        crowns = design.crowns.map { crown in
            let crownScale = min(scale * 0.85, 34)
            let painted = crownPainter.paint(crown, scale: crownScale)
            return CrownPanel(
                texture: MipTexture(painted.canvas), axis: SIMD3(Double(crown.x), 0, Double(-crown.depth)),
                halfWidth: Double(painted.halfWidth), top: Double(crown.foot + painted.top), scale: Double(crownScale))
        }
        street = design.inPark ? [] : StreetPainter(seed: design.detailSeed).neighbours(of: design)
    }
}
