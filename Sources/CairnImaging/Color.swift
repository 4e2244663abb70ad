/// An 8-bit sRGB colour.
public struct Color: Hashable, Sendable, Codable {
    /// Red, 0 to 255.
    public var red: UInt8
    /// Green, 0 to 255.
    public var green: UInt8
    /// Blue, 0 to 255.
    public var blue: UInt8

    /// Makes a colour from its channels.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// 0, 0, 0.
    public static let black = Color(red: 0, green: 0, blue: 0)
    /// 255, 255, 255.
    public static let white = Color(red: 255, green: 255, blue: 255)
    /// A red that stands out on photos.
    public static let red = Color(red: 230, green: 57, blue: 70)
    /// A green that stands out on photos.
    public static let green = Color(red: 46, green: 204, blue: 113)
    /// A blue that stands out on photos.
    public static let blue = Color(red: 58, green: 134, blue: 255)
    /// A yellow that stands out on photos.
    public static let yellow = Color(red: 255, green: 209, blue: 51)

    /// A fully saturated colour; hues 0 and 1 are both red. Neighbouring fractions give neighbouring colours.
    public static func hue(_ fraction: Double) -> Color {
        func channel(_ shift: Double) -> UInt8 {
            let position = (fraction + shift - (fraction + shift).rounded(.down)) * 6
            return UInt8((min(max(abs(position - 3) - 1, 0), 1) * 255).rounded())
        }
        return Color(red: channel(0), green: channel(2.0 / 3), blue: channel(1.0 / 3))
    }
}
