/// Widths of an ALIKED network. The published checkpoints have these names.
public struct ALIKEDConfiguration: Codable, Sendable, Hashable {
    /// Channels of the four stages, at 1, 1/2, 1/8 and 1/32 of the image's size.
    public var channels: [Int]
    /// Length of a descriptor; the last stage has as many channels.
    public var descriptorSize: Int
    /// Places that are sampled for one descriptor.
    public var samplesPerKeypoint: Int

    /// Sets each width.
    public init(channels: [Int], descriptorSize: Int, samplesPerKeypoint: Int) {
        self.channels = channels
        self.descriptorSize = descriptorSize
        self.samplesPerKeypoint = samplesPerKeypoint
    }

    /// `aliked-t16`: tiny, 64-d.
    public static let t16 = ALIKEDConfiguration(channels: [8, 16, 32, 64], descriptorSize: 64, samplesPerKeypoint: 16)
    /// `aliked-n16` and `aliked-n16rot`: 128-d.
    public static let n16 = ALIKEDConfiguration(
        channels: [16, 32, 64, 128], descriptorSize: 128, samplesPerKeypoint: 16)
    /// `aliked-n32`: 128-d from twice as many samples.
    public static let n32 = ALIKEDConfiguration(
        channels: [16, 32, 64, 128], descriptorSize: 128, samplesPerKeypoint: 32)

    /// The preset of a published checkpoint, by its name; nil where there is none.
    public static func named(_ name: String) -> ALIKEDConfiguration? {
        switch name {
        case "aliked-t16": .t16
        case "aliked-n16", "aliked-n16rot": .n16
        case "aliked-n32": .n32
        default: nil
        }
    }
}
