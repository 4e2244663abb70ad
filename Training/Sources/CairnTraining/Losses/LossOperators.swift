import CairnNN
import CairnTorch

/// Operators of LibTorch that losses need beside those of networks.
enum LossOperator {
    static let addScalar = ATen("aten::add", "Scalar")
    static let acos = ATen("aten::acos")
    static let clamp = ATen("aten::clamp")
    static let argmax = ATen("aten::argmax")
    static let equal = ATen("aten::eq", "Tensor")
    static let gather = ATen("aten::gather")
    static let greater = ATen("aten::gt", "Tensor")
    static let greaterScalar = ATen("aten::gt", "Scalar")
    static let indexSelect = ATen("aten::index_select")
    static let logicalNot = ATen("aten::logical_not")
    static let logSumExp = ATen("aten::logsumexp")
    static let anyAlong = ATen("aten::any", "dim")
    static let maskedFill = ATen("aten::masked_fill", "Scalar")
    static let meanSquare = ATen("aten::mse_loss")
    static let median = ATen("aten::median")
    static let mulScalar = ATen("aten::mul", "Scalar")
    static let norm = ATen("aten::linalg_vector_norm")
    static let scatter = ATen("aten::scatter", "src")
    static let scatterValue = ATen("aten::scatter", "value")
    static let scatterAdd = ATen("aten::scatter_add")
    static let cumulativeSum = ATen("aten::cumsum")
    static let transpose = ATen("aten::t")
    static let choose = ATen("aten::where", "self")
}

extension TorchTensor {
    /// Multiplied by a number, in the tensor's own precision.
    func scaled(by factor: Double) throws -> TorchTensor { try LossOperator.mulScalar(self, factor) }

    /// With a number added, in the tensor's own precision.
    func shifted(by offset: Double) throws -> TorchTensor { try LossOperator.addScalar(self, offset) }

    /// Within bounds, in the tensor's own precision.
    func bounded(_ range: ClosedRange<Double>) throws -> TorchTensor {
        try LossOperator.clamp(self, range.lowerBound, range.upperBound)
    }

    /// Euclidean lengths of `[…, D]`: `[…, 1]`. A length of 0 has gradient 0.
    func lengths() throws -> TorchTensor { try LossOperator.norm(self, 2, [-1], true) }

    /// Rows of length 1. Lengths count as 1e-12 at least.
    func unitRows() throws -> TorchTensor { try self / lengths().bounded(1e-12 ... .infinity) }

    /// Some rows, repeats allowed.
    func rows(at indices: [Int]) throws -> TorchTensor {
        try LossOperator.indexSelect(self, 0, TorchTensor(indices, device: device))
    }

    /// Of each row of `[N, C]` the element of its column in `[N, 1]`: `[N, 1]`.
    func elements(at columns: TorchTensor) throws -> TorchTensor { try LossOperator.gather(self, 1, columns) }

    /// `[N, C]` with each row's element of its column in `[N, 1]` replaced by that of `[N, 1]`.
    func replacing(_ columns: TorchTensor, by elements: TorchTensor) throws -> TorchTensor {
        try LossOperator.scatter(self, 1, columns, elements)
    }
}
