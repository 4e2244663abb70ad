import CairnNN
import CairnTorch
import Foundation

/// A margin that is added to angles: `cos(θ + m)` from `cos θ`.
///
/// Cosines count as 1e-7 away from ±1 at least, where the slope of the sine is infinite.
struct AngularMargin {
    private let margin: Double

    /// A margin in radians.
    init(_ margin: Double) { self.margin = margin }

    /// `cos(θ + m)` for every angle: it rises again once `θ + m` is beyond π.
    func added(to cosines: TorchTensor) throws -> TorchTensor {
        let limit = 1 - 1e-7
        let cosines = try cosines.bounded(-limit...limit)
        let sines = try (cosines * cosines).scaled(by: -1).shifted(by: 1).squareRoot()
        return try cosines.scaled(by: cos(margin)) - sines.scaled(by: sin(margin))
    }

    /// `cos(θ + m)` where `θ + m` is below π, and beyond it `cos θ - m sin m`, which falls on.
    ///
    /// The continuation is that of the first public code of ArcFace, and of CurricularFace's: it keeps the loss falling as `θ` falls.
    func addedMonotonically(to cosines: TorchTensor) throws -> TorchTensor {
        let isWithin = try LossOperator.greaterScalar(cosines, cos(.pi - margin))
        return try LossOperator.choose(
            isWithin, added(to: cosines), cosines.shifted(by: -margin * sin(margin)))
    }
}
