/// What an extractor wants to see of a photo. A photo is decoded once, as the most demanding extractor needs it.
public struct ExtractionInput: Sendable, Hashable, Codable {
    /// What a pixel has.
    public enum Channels: String, Sendable, Codable, CaseIterable {
        /// Luma alone: a JPEG's other two planes need not be decoded.
        case luma
        /// Red, green and blue.
        case rgb
    }

    /// What a pixel has.
    public var channels: Channels

    /// The long side to which photos are reduced, in pixels; smaller photos stay as they are.
    public var longSide: Int

    /// Makes a demand. Traps unless the long side is positive.
    public init(channels: Channels, longSide: Int) {
        precondition(longSide > 0, "a long side of \(longSide) pixels")
        self.channels = channels
        self.longSide = longSide
    }

    /// What serves several extractors; `nil` for none.
    public init?(serving inputs: some Collection<ExtractionInput>) {
        guard let longSide = inputs.map(\.longSide).max() else { return nil }
        self.init(channels: inputs.contains { $0.channels == .rgb } ? .rgb : .luma, longSide: longSide)
    }
}
