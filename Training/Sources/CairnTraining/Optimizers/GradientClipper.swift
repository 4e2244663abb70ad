import CairnRecipes
import CairnTorch

/// Measures gradients, and cuts those that are too large.
///
/// - `norm`: all gradients are multiplied by `min(1, threshold / (norm + 1e-6))`, the Euclidean norm over all parameters together, as
///   torch.nn.utils.clip_grad_norm_.
/// - `value`: each number is brought between `-threshold` and `threshold`.
/// - `adaptive`: Brock et al. 2021, equation 3. A unit's gradient G, a row of the first axis, is multiplied by
///   `min(1, threshold max(‖W‖, 0.001) / ‖G‖)`; a parameter of one axis at most is one unit, as in timm. The classifier is left
///   alone, as the paper advises for the last linear layer.
public struct GradientClipper: Sendable {
    private let settings: GradientClipping?

    /// Clips as a recipe says; `nil` measures only.
    public init(_ settings: GradientClipping? = nil) { self.settings = settings }

    /// Cuts gradients in place, and gives the norm of all together before that.
    ///
    /// To be called once before each step, after gradients of several processes were averaged. A norm that is infinite or not a
    /// number tells that a gradient is; nothing is cut then, and the step should not be taken. 0 where there is no gradient. Waits
    /// for the device. Throws `TorchError`.
    public func clip(_ parameters: [LearnedParameter]) throws -> Double {
        let list = try GradientList(parameters)
        guard !list.isEmpty else { return 0 }
        return try Torch.withoutGradients {
            let norm = try Self.norm(list.gradients)
            guard let settings, norm.isFinite else { return norm }
            switch settings.kind {
            case .norm:
                let factor = settings.threshold / (norm + 1e-6)
                if factor < 1 { try Self.mulScalar.run(list.gradients, factor) }
            case .value:
                try Self.clampMinScalar.run(list.gradients, -settings.threshold)
                try Self.clampMaxScalar.run(list.gradients, settings.threshold)
            case .adaptive:
                let places = list.places.indices.filter { parameters[list.places[$0]].part != .classifier }
                try Self.clipAdaptively(
                    places.map { list.gradients[$0] }, weights: places.map { list.weights[$0] },
                    threshold: settings.threshold)
            }
            return norm
        }
    }

    private static let foreachNorm = ATen("aten::_foreach_norm", "Scalar")
    private static let stack = ATen("aten::stack")
    private static let vectorNorm = ATen("aten::linalg_vector_norm")
    private static let mulScalar = ATen("aten::_foreach_mul_", "Scalar")
    private static let mulList = ATen("aten::_foreach_mul_", "List")
    private static let divList = ATen("aten::_foreach_div_", "List")
    private static let maximumList = ATen("aten::_foreach_maximum_", "List")
    private static let clampMinScalar = ATen("aten::_foreach_clamp_min_", "Scalar")
    private static let clampMaxScalar = ATen("aten::_foreach_clamp_max_", "Scalar")

    private static func norm(_ gradients: [TorchTensor]) throws(TorchError) -> Double {
        let norms = try foreachNorm.list(upTo: gradients.count, gradients, 2.0)
        return try vectorNorm(stack(norms, 0), 2.0).item()
    }

    private static func clipAdaptively(
        _ gradients: [TorchTensor], weights: [TorchTensor], threshold: Double
    ) throws(TorchError) {
        guard !gradients.isEmpty else { return }
        let largest = try unitNorms(weights)
        try clampMinScalar.run(largest, 1e-3)
        try mulScalar.run(largest, threshold)
        // largest / max(largest, ‖G‖) is the factor without a division by 0.
        let divisors = try unitNorms(gradients)
        try maximumList.run(divisors, largest)
        try divList.run(largest, divisors)
        try mulList.run(gradients, largest)
    }

    private static func unitNorms(_ tensors: [TorchTensor]) throws(TorchError) -> [TorchTensor] {
        var norms: [TorchTensor] = []
        norms.reserveCapacity(tensors.count)
        for tensor in tensors {
            let axes = tensor.shape.rank > 1 ? TorchValue.integers(Array(1..<tensor.shape.rank)) : .none
            norms.append(try vectorNorm(tensor, 2.0, axes, tensor.shape.rank > 1))
        }
        return norms
    }
}
