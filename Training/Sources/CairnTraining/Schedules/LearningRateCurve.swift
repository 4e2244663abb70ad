import CairnRecipes
import Foundation

/// What the learning rate is multiplied by at each step of a stage.
///
/// Steps are changes of weights. The share of the stage that is done before step k of the K of epoch e is `t = (e + k / K) / epochs`,
/// so that epochs count alike where their batches, and so K, differ. The first step has the whole rate, and the last is a step short of
/// the final one.
///
/// | kind | factor |
/// |---|---|
/// | constant | 1 |
/// | poly | `f + (1 - f) (1 - t)^power` |
/// | cosine | `f + (1 - f) (1 + cos πt) / 2` |
/// | exponential | `gamma^e` |
/// | steps | `gamma` to the number of milestones that are at most e |
///
/// f is `finalFactor`. Warm-up multiplies the curve, which runs over the whole stage all the same, by
/// `min(1, (e + (k + 1) / K) / warmupEpochs)`.
public struct LearningRateCurve: Sendable, Hashable {
    /// The kind and its settings. One that is left out is 0.9 for the power, 0 for the final factor, 1 for gamma.
    public let schedule: LearningRateSchedule
    /// Epochs of the stage.
    public let epochs: Int

    /// The curve over a stage. Traps for a stage of less than one epoch.
    public init(_ schedule: LearningRateSchedule, epochs: Int) {
        precondition(epochs >= 1, "a stage of \(epochs) epochs")
        self.schedule = schedule
        self.epochs = epochs
    }

    /// The factor at a step. A function of its arguments alone, so that a resumed run goes on as it would have.
    ///
    /// - Parameters:
    ///   - step: The step within the epoch, from 0.
    ///   - epoch: The epoch within the stage, from 0.
    ///   - stepsInEpoch: Steps of this epoch.
    public func factor(step: Int, epoch: Int, stepsInEpoch: Int) -> Double {
        precondition(
            (0..<epochs).contains(epoch) && (0..<stepsInEpoch).contains(step),
            "step \(step) of \(stepsInEpoch) in epoch \(epoch) of \(epochs)")
        let done = Double(epoch) + Double(step) / Double(stepsInEpoch)
        let factor = curve(share: done / Double(epochs), epoch: epoch)
        guard schedule.warmupEpochs > 0 else { return factor }
        let warm = (Double(epoch) + Double(step + 1) / Double(stepsInEpoch)) / schedule.warmupEpochs
        return factor * min(1, warm)
    }

    private func curve(share t: Double, epoch: Int) -> Double {
        let end = schedule.finalFactor ?? 0
        switch schedule.kind {
        case .constant: return 1
        case .poly: return end + (1 - end) * pow(1 - t, schedule.power ?? 0.9)
        case .cosine: return end + (1 - end) * (1 + cos(.pi * t)) / 2
        case .exponential: return pow(schedule.gamma ?? 1, Double(epoch))
        case .steps:
            let passed = (schedule.milestones ?? []).count { $0 <= epoch }
            return pow(schedule.gamma ?? 1, Double(passed))
        }
    }
}
