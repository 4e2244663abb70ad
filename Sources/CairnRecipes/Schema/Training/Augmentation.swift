/// One random change of a training photo. Settings that its kind does not have are `nil`.
public struct Augmentation: Codable, Sendable, Hashable {
    /// The change.
    public enum Kind: String, Codable, Sendable, Hashable, YAMLChoice {
        /// A rectangle of random area and aspect ratio, resized to the training size.
        case randomResizedCrop
        /// A square at a random place, of the training size.
        case randomCrop
        /// Left becomes right.
        case horizontalFlip
        /// JPEG at a random quality.
        case jpegCompression
        /// Moved, scaled and turned by random amounts.
        case shiftScaleRotate
        /// Random rectangles are blotted out.
        case cutout
        /// Brightness, contrast, saturation and hue change by random amounts.
        case colorJitter
        /// Colours are left out.
        case grayscale
        /// Blurred by a random amount.
        case blur
    }

    /// The change.
    public var kind: Kind
    /// How often it happens; 0.5, and 1 for crops.
    public var probability: Double
    /// `randomResizedCrop`: the least and greatest share of the area; 0.08 and 1.
    public var area: [Double]?
    /// `randomResizedCrop`: the least and greatest width by height, as parts of the photo's own; 3/4 and 4/3.
    public var aspect: [Double]?
    /// `randomCrop`: pixels of the short side before a square of the training size is cut out; the training size, so that only the
    /// long side is cut, where it is left out.
    public var shortSide: Int?
    /// `jpegCompression`: the least and greatest quality; 50 and 100.
    public var quality: [Double]?
    /// `shiftScaleRotate`: the most that it is moved, as a share of the side; 0.0625.
    public var shift: Double?
    /// `shiftScaleRotate`: the most that it is scaled by, beside 1; 0.1.
    public var scale: Double?
    /// `shiftScaleRotate`: the most that it is turned by, in degrees; 45.
    public var rotation: Double?
    /// `cutout`: rectangles; 1.
    public var count: Int?
    /// `cutout`: their side as a share of the photo's; 0.5.
    public var size: Double?
    /// `colorJitter`: the most that brightness changes, beside 1; 0.2.
    public var brightness: Double?
    /// `colorJitter`: the same of contrast; 0.2.
    public var contrast: Double?
    /// `colorJitter`: the same of saturation; 0.2.
    public var saturation: Double?
    /// `colorJitter`: the most that hue moves, as a share of the circle; 0.
    public var hue: Double?
    /// `blur`: the greatest standard deviation, in pixels; 2.
    public var sigma: Double?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, probability, area, aspect, shortSide, quality, shift, scale, rotation, count, size, brightness,
            contrast
        case saturation, hue, sigma
    }
}

extension Augmentation: YAMLDecodable {
    /// Reads a change; its name alone has the defaults.
    public init(yaml: YAMLNode) throws {
        guard yaml.isMapping else {
            self = Augmentation(standard: try Kind(yaml: yaml))
            return
        }
        let fields = try yaml.fields(CodingKeys.self)
        self.init(standard: try fields.required(.kind))
        try fields.allow(only: [.kind, .probability] + settings, of: "the augmentation \(kind.rawValue)")
        try fields.read(.probability, into: &probability, .within(0...1))
        try read(.area, into: &area, .above(0, upTo: 1), fields)
        try read(.aspect, into: &aspect, .above(0, upTo: 100), fields)
        try read(.quality, into: &quality, .within(1...100), fields)
        try fields.read(.shortSide, into: &shortSide, .within(16...8192))
        try fields.read(.shift, into: &shift, .within(0...1))
        try fields.read(.scale, into: &scale, .from(0, below: 1))
        try fields.read(.rotation, into: &rotation, .within(0...180))
        try fields.read(.count, into: &count, .within(1...1000))
        try fields.read(.size, into: &size, .above(0, upTo: 1))
        try fields.read(.brightness, into: &brightness, .within(0...1))
        try fields.read(.contrast, into: &contrast, .within(0...1))
        try fields.read(.saturation, into: &saturation, .within(0...1))
        try fields.read(.hue, into: &hue, .within(0...0.5))
        try fields.read(.sigma, into: &sigma, .above(0, upTo: 100))
    }

    /// A change with the usual settings.
    public init(standard kind: Kind) {
        self.kind = kind
        probability = kind == .randomResizedCrop || kind == .randomCrop ? 1 : 0.5
        switch kind {
        case .randomResizedCrop: (area, aspect) = ([0.08, 1], [0.75, 4.0 / 3])
        case .jpegCompression: quality = [50, 100]
        case .shiftScaleRotate: (shift, scale, rotation) = (0.0625, 0.1, 45)
        case .cutout: (count, size) = (1, 0.5)
        case .colorJitter: (brightness, contrast, saturation, hue) = (0.2, 0.2, 0.2, 0)
        case .blur: sigma = 2
        case .randomCrop, .horizontalFlip, .grayscale: break
        }
    }

    private var settings: [CodingKeys] {
        switch kind {
        case .randomResizedCrop: [.area, .aspect]
        case .jpegCompression: [.quality]
        case .shiftScaleRotate: [.shift, .scale, .rotation]
        case .cutout: [.count, .size]
        case .colorJitter: [.brightness, .contrast, .saturation, .hue]
        case .blur: [.sigma]
        case .randomCrop: [.shortSide]
        case .horizontalFlip, .grayscale: []
        }
    }

    private func read(
        _ key: CodingKeys, into range: inout [Double]?, _ bounds: YAMLBounds, _ fields: YAMLFields<CodingKeys>
    ) throws {
        guard fields[key] != nil else { return }
        var values: [Double] = []
        try fields.read(key, into: &values, each: bounds)
        guard values.count == 2, values[0] <= values[1] else {
            throw fields.error(key, "“\(key.stringValue)” must be a range of two numbers, the least first: [0.5, 1]")
        }
        range = values
    }
}
