/// Trigonometry from arithmetic alone.
///
/// The C library's sine differs in its last bit between platforms, and that bit can move a rendered pixel. IEEE
/// additions and multiplications do not differ, so a town is the same bytes everywhere. Square roots are exact too.
enum PortableMath {
    /// Sine of an angle in radians; absolute error below 1e-9 for angles within ±100.
    static func sine(_ angle: Double) -> Double {
        let turns = (angle / (2 * .pi)).rounded()
        var reduced = angle - turns * 2 * .pi
        if reduced > .pi / 2 { reduced = .pi - reduced }
        if reduced < -.pi / 2 { reduced = -.pi - reduced }
        let square = reduced * reduced
        // Taylor's series to the 15th power, in Horner's form: 6e-12 at π/2.
        var sum = -1 / 1_307_674_368_000.0
        for coefficient in [
            1 / 6_227_020_800.0, -1 / 39_916_800.0, 1 / 362_880.0, -1 / 5_040.0, 1 / 120.0, -1 / 6.0, 1,
        ] {
            sum = sum * square + coefficient
        }
        return reduced * sum
    }

    /// Cosine of an angle in radians, as accurate as `sine`.
    static func cosine(_ angle: Double) -> Double { sine(angle + .pi / 2) }

    /// Sine in single precision.
    static func sine(_ angle: Float) -> Float { Float(sine(Double(angle))) }

    /// Cosine in single precision.
    static func cosine(_ angle: Float) -> Float { Float(cosine(Double(angle))) }
}

/// A value held within 0 and 1.
@inline(__always)
func saturate(_ value: Float) -> Float { max(0, min(1, value)) }

/// Hermite's step from 0 at `low` to 1 at `high`.
@inline(__always)
func smoothStep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let t = saturate((value - low) / (high - low))
    return t * t * (3 - 2 * t)
}

/// The floor as a whole number, for values within ±2^22.
///
/// Adding 1.5 * 2^23 leaves the nearest whole number in the low bits of the sum: no conversion, which Swift checks, and
/// no call of the C library, which plain x86-64 needs for a floor.
@inline(__always)
func floorInt(_ value: Float) -> Int32 {
    let shifted = value + 12_582_912
    let nearest = Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000
    return shifted - 12_582_912 > value ? nearest &- 1 : nearest
}

/// 0 to 1 as 0 to 255, rounded; values outside are held within. Uses the same addition as `floorInt`.
@inline(__always)
func unitByte(_ value: Float) -> UInt32 { (saturate(value) * 255 + 8_388_608).bitPattern & 255 }
