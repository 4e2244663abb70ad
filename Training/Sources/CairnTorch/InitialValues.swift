import CairnNN
import Foundation

/// The numbers that a parameter starts from.
///
/// Formulas are those of `Initializer`; fans are counted as torch does: the first axis gives outputs, the second inputs, the rest
/// the kernel's taps.
struct InitialValues {
    private let spec: ParameterSpec
    private var state: UInt64
    private var spare: Float?

    /// Numbers by the seed and the parameter's name.
    init(of spec: ParameterSpec, seed: UInt64) {
        self.spec = spec
        // FNV-1a of the name, then SplitMix64's own finaliser decorrelates neighbours.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in spec.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        state = hash ^ (seed &* 0x9E37_79B9_7F4A_7C15)
    }

    /// As many as the shape has elements.
    consuming func values() -> [Float] {
        let count = spec.shape.elementCount
        switch spec.initializer {
        case .constant(let value): return [Float](repeating: value, count: count)
        case .values(let values): return values
        case .normal(let deviation): return (0..<count).map { _ in normal() * deviation }
        case .truncatedNormal(let deviation):
            return (0..<count).map { _ in
                var value = normal()
                while abs(value) > 2 { value = normal() }
                return value * deviation
            }
        case .uniform(let bound): return uniform(count, bound)
        case .kaimingNormalFanOut:
            let deviation = (2 / Float(max(fans.out, 1))).squareRoot()
            return (0..<count).map { _ in normal() * deviation }
        case .kaimingUniform: return uniform(count, 1 / Float(max(fans.in, 1)).squareRoot())
        case .xavierUniform: return uniform(count, (6 / Float(max(fans.in + fans.out, 1))).squareRoot())
        }
    }

    private var fans: (in: Int, out: Int) {
        let sizes = spec.shape.dimensions
        guard sizes.count >= 2 else { return (sizes.first ?? 1, sizes.first ?? 1) }
        let taps = sizes[2...].reduce(1, *)
        return (sizes[1] * taps, sizes[0] * taps)
    }

    private mutating func uniform(_ count: Int, _ bound: Float) -> [Float] {
        (0..<count).map { _ in (2 * unit() - 1) * bound }
    }

    /// From 0 to below 1: S. Vigna's SplitMix64.
    private mutating func unit() -> Float {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Float((z ^ (z >> 31)) >> 40) * 0x1p-24
    }

    /// Box and Muller 1958, two at a time.
    private mutating func normal() -> Float {
        if let spare {
            self.spare = nil
            return spare
        }
        let radius = (-2 * log(max(unit(), 0x1p-24))).squareRoot()
        let angle = 2 * Float.pi * unit()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }
}
