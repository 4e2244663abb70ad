import CairnNN
import Foundation

@testable import CairnTorch

/// Gradients of a network with seeded weights, as PyTorch computes them in double precision; `Scripts/parity/architectures.py`
/// says how they were made.
struct GradientGolden: Codable {
    /// Evaluation.
    var eval: Mode
    /// Training with the batch's statistics; `nil` for networks without batch normalisation.
    var train: Mode?

    struct Mode: Codable {
        /// The image's shape.
        var shape: [Int]
        /// The seed of the image.
        var input: String
        /// The largest error that PyTorch itself makes in 32 bits.
        var rounding: Double
        var loss: Double
        var lossScale: Double
        /// The image's gradient, and parameters' by name.
        var image: [Double]
        var parameters: [String: [Double]]
        /// Running statistics after the pass.
        var statistics: [String: [Double]]?
    }

    /// Sum, norm, greatest magnitude, and four elements.
    static func summary(_ tensor: TorchTensor) throws -> [Double] {
        let values = try tensor.doubles()
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let places = (0..<4).map { $0 * (values.count - 1) / 3 }
        return [values.reduce(0, +), norm, values.reduce(0) { max($0, abs($1)) }] + places.map { values[$0] }
    }

    /// The largest error of a summary's figures, each by its own measure: norm · √n, norm, greatest magnitude.
    static func error(of tensor: TorchTensor, from expected: [Double]) throws -> Double {
        let actual = try summary(tensor)
        guard expected.count == actual.count, actual.allSatisfy(\.isFinite) else { return .infinity }
        let (norm, peak) = (expected[1], max(expected[2], 1e-300))
        let scales =
            [norm * Double(tensor.shape.elementCount).squareRoot(), norm] + [Double](repeating: peak, count: 5)
        return zip(zip(actual, expected), scales).map { abs($0.0 - $0.1) / $1 }.max() ?? 0
    }

    /// All networks that have been recorded, by name.
    static let all: [String: GradientGolden] = {
        struct File: Codable { var networks: [String: GradientGolden]? }
        let names = ["resnet", "seresnet", "resnest", "inception", "efficientnet", "tf_efficientnet", "nfnet", "swin"]
        return names.reduce(into: [:]) { all, name in
            guard let url = Bundle.module.url(forResource: "Fixtures/gradients_\(name)", withExtension: "json"),
                let file = try? JSONDecoder().decode(File.self, from: Data(contentsOf: url))
            else { return }
            all.merge(file.networks ?? [:]) { $1 }
        }
    }()
}
