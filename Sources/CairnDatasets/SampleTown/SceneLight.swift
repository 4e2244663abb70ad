/// When a view was taken; the light and the sky follow from it.
public enum TimeOfDay: String, Sendable, Codable, CaseIterable {
    /// Low, warm sun from the left; haze.
    case dawn
    /// High sun.
    case noon
    /// Even light below clouds.
    case overcast
    /// Low, golden sun from the right.
    case goldenHour
    /// After sunset, some windows lit.
    case dusk
    /// Lamps and lit windows.
    case night
}

/// What light does to each thing in a scene: gains on painted colours, and the sky's own colours.
struct SceneLight: Sendable {
    var front: Tone
    var left: Tone
    var right: Tone
    var roof: Tone
    var ground: Tone
    var skyTop: Tone
    var skyLow: Tone
    var cloud: Tone
    var cloudiness: Float
    var glow: Tone
    var shadow: Float

    init(_ time: TimeOfDay) {
        func gain(_ r: Float, _ g: Float, _ b: Float) -> Tone { Tone(r, g, b, 1) }
        switch time {
        case .dawn:
            (front, left, right) = (gain(0.96, 0.86, 0.80), gain(1.12, 0.98, 0.84), gain(0.60, 0.60, 0.68))
            (roof, ground) = (gain(0.98, 0.85, 0.78), gain(0.88, 0.80, 0.76))
            (skyTop, skyLow, cloud) = (Tone(hex: 0x7FA3CF), Tone(hex: 0xF6D3B3), Tone(hex: 0xF7C9B5))
            (cloudiness, glow, shadow) = (0.5, .zero, 0.72)
        case .noon:
            (front, left, right) = (gain(1.06, 1.04, 1.0), gain(0.86, 0.86, 0.88), gain(0.66, 0.68, 0.74))
            (roof, ground) = (gain(1.12, 1.10, 1.05), gain(1.05, 1.03, 0.99))
            (skyTop, skyLow, cloud) = (Tone(hex: 0x3F82CC), Tone(hex: 0xC4DDF0), Tone(hex: 0xFBFCFD))
            (cloudiness, glow, shadow) = (0.45, .zero, 0.62)
        case .overcast:
            (front, left, right) = (gain(0.88, 0.89, 0.91), gain(0.78, 0.79, 0.81), gain(0.76, 0.77, 0.79))
            (roof, ground) = (gain(0.86, 0.87, 0.89), gain(0.84, 0.85, 0.86))
            (skyTop, skyLow, cloud) = (Tone(hex: 0xA9B4BE), Tone(hex: 0xD8DDE0), Tone(hex: 0xC3CAD0))
            (cloudiness, glow, shadow) = (1, .zero, 0.92)
        case .goldenHour:
            (front, left, right) = (gain(1.10, 0.95, 0.76), gain(0.58, 0.56, 0.62), gain(1.16, 0.98, 0.74))
            (roof, ground) = (gain(1.02, 0.84, 0.68), gain(0.98, 0.84, 0.70))
            (skyTop, skyLow, cloud) = (Tone(hex: 0x5C86BE), Tone(hex: 0xFFDCA0), Tone(hex: 0xFFC98F))
            (cloudiness, glow, shadow) = (0.5, gain(0.12, 0.09, 0.04), 0.58)
        case .dusk:
            (front, left, right) = (gain(0.56, 0.50, 0.60), gain(0.48, 0.44, 0.56), gain(0.52, 0.44, 0.50))
            (roof, ground) = (gain(0.48, 0.44, 0.56), gain(0.46, 0.43, 0.52))
            (skyTop, skyLow, cloud) = (Tone(hex: 0x2B3A6B), Tone(hex: 0xE8946A), Tone(hex: 0xB0647A))
            (cloudiness, glow, shadow) = (0.55, gain(0.95, 0.72, 0.38), 0.9)
        case .night:
            (front, left, right) = (gain(0.40, 0.36, 0.34), gain(0.20, 0.20, 0.27), gain(0.20, 0.20, 0.27))
            (roof, ground) = (gain(0.17, 0.18, 0.26), gain(0.26, 0.25, 0.28))
            (skyTop, skyLow, cloud) = (Tone(hex: 0x0B1026), Tone(hex: 0x2C3350), Tone(hex: 0x2A2F48))
            (cloudiness, glow, shadow) = (0.5, gain(1.0, 0.78, 0.42), 0.95)
        }
    }

    /// The gain for a panel.
    func gain(_ facing: Panel.Facing) -> Tone {
        switch facing {
        case .front: return front
        case .left: return left
        case .right: return right
        case .roof: return roof
        }
    }
}
