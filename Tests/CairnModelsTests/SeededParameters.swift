import CairnNN
import Foundation

/// Weights that are a function of each parameter's name, so that no weight files are committed. `Scripts/parity/seeded.py` makes
/// the same bits.
///
/// Element `i` of a parameter is the SplitMix64 hash of its name's FNV-1a hash and `i`, whose upper 24 bits are a number `u` in
/// [0, 1). What becomes of `u` depends on the name's last part and the rank: variances lie in [0.5, 1.5), gains in [0.5, 1.2),
/// exponents in [2.5, 3.5), offsets in [-0.1, 0.1), and kernels have He's variance `2 / fan-in`, so that deep networks neither
/// fade out nor overflow. Kernels of ResNets' channel gates are an eighth of that: saturated gates would make a deep network
/// chaotic, so that roundings alone would exceed any tolerance.
struct SeededParameters: ParameterStorage {
    func floats(for spec: ParameterSpec) throws -> [Float] { Self.values(named: spec.name, shape: spec.shape) }

    /// A parameter's values, row-major.
    static func values(named name: String, shape: Shape) -> [Float] {
        let (scale, offset) = range(of: name, shape: shape)
        let seed = hash(name)
        return (0..<shape.elementCount).map { Float(offset + scale * unit(seed, $0)) }
    }

    /// An input of values in [-2, 2).
    static func image(_ shape: Shape, name: String = "input") -> [Float] {
        let seed = hash(name)
        return (0..<shape.elementCount).map { Float(4 * unit(seed, $0) - 2) }
    }

    /// Values are `offset + scale * u`.
    private static func range(of name: String, shape: Shape) -> (scale: Double, offset: Double) {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        if last == "running_var" { return (1, 0.5) }
        if last == "p" { return (1, 2.5) }
        if last.hasSuffix("gain") || (last == "weight" && shape.rank == 1) { return (0.7, 0.5) }
        if shape.rank >= 2, !last.hasSuffix("bias_table") {
            let fanIn = shape.dimensions.dropFirst().reduce(1, *)
            let isGate = name.contains(".se.fc") || name.contains(".se_module.fc")
            let bound = (6 / Double(fanIn)).squareRoot() / (isGate ? 8 : 1)
            return (2 * bound, -bound)
        }
        return (0.2, -0.1)
    }

    /// FNV-1a, 64 bits, of the UTF-8 bytes.
    private static func hash(_ name: String) -> UInt64 {
        name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// A number in [0, 1) of 24 bits.
    private static func unit(_ seed: UInt64, _ index: Int) -> Double {
        var z = seed &+ UInt64(index + 1) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        return Double(z >> 40) / 16_777_216
    }
}

/// What a peer gave for seeded weights and a seeded image; written by `seeded.write_golden`.
struct ModelGolden: Codable {
    /// The script and the peer's version.
    var source: String
    /// `[N, 3, H, W]`.
    var inputShape: [Int]
    /// Classes of the classifier, where there is one.
    var classes: Int?
    /// Learned numbers of the model with its published classifier of 1,000 classes.
    var parameterCount: Int?
    /// Every `stride`-th element of each output, row-major, by the output's name.
    var outputs: [String: Output]

    struct Output: Codable {
        var shape: [Int]
        var stride: Int
        var values: [Float]

        /// The largest difference from `actual` (all elements), relative to the largest expected magnitude.
        func relativeError(of actual: [Float]) -> Float {
            guard actual.count == shape.reduce(1, *), !values.isEmpty else { return .infinity }
            let picked = Swift.stride(from: 0, to: actual.count, by: stride).map { actual[$0] }
            guard picked.count == values.count, picked.allSatisfy(\.isFinite) else { return .infinity }
            let scale = values.map(abs).max() ?? 1
            return zip(picked, values).map { abs($0 - $1) }.max().map { $0 / scale } ?? .infinity
        }
    }

    /// The committed golden `Fixtures/<name>.json`.
    static func named(_ name: String) throws -> ModelGolden {
        guard let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json") else {
            throw NetworkError(.notFound, "no golden Fixtures/\(name).json")
        }
        return try JSONDecoder().decode(ModelGolden.self, from: Data(contentsOf: url))
    }
}
