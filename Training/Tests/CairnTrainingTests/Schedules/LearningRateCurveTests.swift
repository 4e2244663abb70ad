import CairnTraining
import Foundation
import Testing

@testable import CairnRecipes

@Suite struct LearningRateCurveTests {
    /// Rates of torch.optim.lr_scheduler; Scripts/parity/optimizers.py made them.
    private struct Goldens: Decodable {
        struct Case: Decodable {
            let schedule: Settings
            let rates: [Double]
        }
        struct Settings: Decodable {
            let kind: LearningRateSchedule.Kind
            let power, gamma, warmupEpochs, finalFactor: Double?
            let milestones: [Int]?

            var schedule: LearningRateSchedule {
                var schedule = LearningRateSchedule()
                schedule.kind = kind
                (schedule.power, schedule.gamma, schedule.finalFactor) = (power, gamma, finalFactor)
                (schedule.milestones, schedule.warmupEpochs) = (milestones, warmupEpochs ?? 0)
                return schedule
            }
        }
        let base: Double
        let epochs, stepsPerEpoch: Int
        let cases: [String: Case]
    }

    @Test("Rates are those of torch's schedulers at every step")
    func goldens() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/schedules", withExtension: "json"))
        let goldens = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url))
        #expect(Set(goldens.cases.values.map(\.schedule.kind)).count == 5)
        for (name, golden) in goldens.cases {
            let curve = LearningRateCurve(golden.schedule.schedule, epochs: goldens.epochs)
            let rates = (0..<goldens.epochs).flatMap { epoch in
                (0..<goldens.stepsPerEpoch).map {
                    goldens.base * curve.factor(step: $0, epoch: epoch, stepsInEpoch: goldens.stepsPerEpoch)
                }
            }
            #expect(rates.count == golden.rates.count)
            #expect(zip(rates, golden.rates).allSatisfy { abs($0 - $1) <= 5.1e-9 * abs($1) }, "\(name)")
        }
    }

    @Test("An epoch of more steps moves the curve as far as one of fewer")
    func unevenEpochs() {
        var schedule = LearningRateSchedule()
        (schedule.kind, schedule.power, schedule.finalFactor) = (.poly, 1, 0)
        let curve = LearningRateCurve(schedule, epochs: 2)
        let few = (0..<2).map { curve.factor(step: $0, epoch: 0, stepsInEpoch: 2) }
        let many = (0..<5).map { curve.factor(step: $0, epoch: 1, stepsInEpoch: 5) }
        #expect(greatestDifference(few, [1, 0.75]) < 1e-15)
        #expect(greatestDifference(many, [0.5, 0.4, 0.3, 0.2, 0.1]) < 1e-15)
    }

    @Test("Warm-up rises evenly from almost nothing and ends at the curve")
    func warmUp() {
        var schedule = LearningRateSchedule()
        schedule.warmupEpochs = 0.5
        let curve = LearningRateCurve(schedule, epochs: 1)
        let factors = (0..<8).map { curve.factor(step: $0, epoch: 0, stepsInEpoch: 8) }
        #expect(greatestDifference(factors, [0.25, 0.5, 0.75, 1, 1, 1, 1, 1]) < 1e-15)
    }
}
