#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The little of an ICC profile (ICC.1:2010) that tells whether it is sRGB: then nothing needs converting.
///
/// Names are no help: the same colours come as "sRGB IEC61966-2.1", "sRGB built-in", "c2" and many more. Primaries and
/// curves are compared instead.
struct ICCProfile {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// Looks at a profile. The bytes must outlive it, and may be anything.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Whether the profile has sRGB's primaries and curves, within what 8 bits can show.
    var isStandardRGB: Bool {
        guard text(at: 16) == "RGB ", text(at: 20) == "XYZ ", offset(of: "A2B0") == nil else { return false }
        return zip(["rXYZ", "gXYZ", "bXYZ"], Self.primaries).allSatisfy { hasPrimary($0, $1) }
            && ["rTRC", "gTRC", "bTRC"].allSatisfy(hasStandardCurve)
    }

    /// sRGB's primaries (IEC 61966-2-1), adapted to the D50 white that profiles use.
    private static let primaries: [[Double]] = [
        [0.4360, 0.2225, 0.0139], [0.3851, 0.7169, 0.0971], [0.1431, 0.0606, 0.7141],
    ]

    private func hasPrimary(_ tag: String, _ expected: [Double]) -> Bool {
        guard let start = offset(of: tag), text(at: start) == "XYZ " else { return false }
        return expected.indices.allSatisfy { index in
            guard let value = fixed(at: start + 8 + 4 * index) else { return false }
            return abs(value - expected[index]) < 0.002
        }
    }

    private func hasStandardCurve(_ tag: String) -> Bool {
        guard let start = offset(of: tag), let curve = curve(at: start) else { return false }
        return stride(from: 0.0, through: 1, by: 1.0 / 16).allSatisfy { abs(curve($0) - Self.linear($0)) < 0.003 }
    }

    private static func linear(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }

    /// The tone curve at an offset, sampled or parametric (sections 10.5 and 10.15).
    private func curve(at start: Int) -> ((Double) -> Double)? {
        switch text(at: start) {
        case "curv":
            guard let count = unsigned(at: start + 8, length: 4) else { return nil }
            if count == 0 { return { $0 } }
            if count == 1 {
                guard let gamma = unsigned(at: start + 12, length: 2) else { return nil }
                return { pow($0, Double(gamma) / 256) }
            }
            guard count <= 65536, unsigned(at: start + 12 + 2 * (count - 1), length: 2) != nil else { return nil }
            return { value in
                let position = value * Double(count - 1)
                let index = min(Int(position), count - 2)
                let low = Double(unsigned(at: start + 12 + 2 * index, length: 2) ?? 0)
                let high = Double(unsigned(at: start + 14 + 2 * index, length: 2) ?? 0)
                return (low + (high - low) * (position - Double(index))) / 65535
            }
        case "para":
            // Type 3 is how sRGB itself is written: (a x + b) ^ g from d on, c x below.
            guard unsigned(at: start + 8, length: 2) == 3 else { return nil }
            let parameters = (0..<5).compactMap { fixed(at: start + 12 + 4 * $0) }
            guard parameters.count == 5 else { return nil }
            return { value in
                value >= parameters[4]
                    ? pow(parameters[1] * value + parameters[2], parameters[0]) : parameters[3] * value
            }
        default:
            return nil
        }
    }

    // MARK: Access

    private func offset(of tag: String) -> Int? {
        guard let count = unsigned(at: 128, length: 4) else { return nil }
        for index in 0..<min(count, 100) where text(at: 132 + 12 * index) == tag {
            return unsigned(at: 136 + 12 * index, length: 4)
        }
        return nil
    }

    private func unsigned(at offset: Int, length: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - length else { return nil }
        return (0..<length).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }

    /// A signed number with 16 fraction bits.
    private func fixed(at offset: Int) -> Double? {
        unsigned(at: offset, length: 4).map { Double(Int32(truncatingIfNeeded: $0)) / 65536 }
    }

    private func text(at offset: Int) -> String? {
        guard offset >= 0, offset <= bytes.count - 4 else { return nil }
        return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
    }
}
