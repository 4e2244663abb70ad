import CairnAlgebra
import Testing

@testable import CairnRerank

@Suite("Linear support vector machine")
struct LinearSVMTests {
    @Test("two points in one dimension have the plane of the closed form")
    func closedForm() throws {
        // ½ (w² + b²) + C [ (1 - w - b)² + (1 - w + b)² ] is least at b = 0 and w = 4C / (1 + 4C).
        for cost in [0.01, 1, 100] {
            let machine = LinearSVM(samples: try DescriptorMatrix(rows: [[1], [-1]]), positives: 1, cost: cost)
            #expect(abs(machine.normal[0] - 4 * cost / (1 + 4 * cost)) < 1e-8)
            #expect(abs(machine.bias) < 1e-8)
        }
    }

    @Test("no small step lowers the objective, with classes that overlap", arguments: [0.1, 1, 50])
    func optimality(cost: Double) throws {
        var noise = Noise(seed: 8)
        let samples = try noise.matrix(40, 5)
        let machine = LinearSVM(samples: samples, positives: 13, cost: cost)
        func objective(_ parameters: [Double]) -> Double {
            var sum = parameters.reduce(0) { $0 + $1 * $1 } / 2
            for sample in 0..<samples.count {
                let distance = zip(parameters, samples[sample]).reduce(parameters[5]) { $0 + $1.0 * Double($1.1) }
                let loss = max(0, 1 - (sample < 13 ? distance : -distance))
                sum += cost * loss * loss
            }
            return sum
        }
        let solution = machine.normal + [machine.bias]
        let least = objective(solution)
        for index in solution.indices {
            for step in [-1e-3, 1e-3] {
                var moved = solution
                moved[index] += step
                #expect(objective(moved) > least)
            }
        }
    }
}
