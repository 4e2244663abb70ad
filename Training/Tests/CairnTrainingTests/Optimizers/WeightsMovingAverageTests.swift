import CairnTorch
import CairnTraining
import Testing

@Suite struct WeightsMovingAverageTests {
    private struct Failure: Error {}

    /// Steps of the goldens' case with momentum, with an average.
    private func train(
        _ steps: Range<Int>, _ network: FormulaNetwork, _ optimizer: any Optimizer, _ average: WeightsMovingAverage
    ) throws {
        for step in steps {
            try network.addGradients(step: step)
            try optimizer.step(rateFactor: 1)
            try optimizer.clearGradients()
            try average.update()
        }
    }

    @Test("The average over twenty steps is that of the formula, and lets the weights be")
    func golden() throws {
        let golden = try #require(OptimizerGoldens.load().cases["sgd-average"])
        let network = try FormulaNetwork()
        let optimizer = try makeOptimizer(golden.settings.optimizer("sgd-average"), for: network.groups())
        let average = try WeightsMovingAverage(network.parameters, decay: #require(golden.settings.decay))
        try train(0..<20, network, optimizer, average)
        let averages = try average.stateTensors.flatMap { try $0.tensor.doubles() }
        #expect(greatestDifference(averages, try #require(golden.average)) < 5.1e-9)
        #expect(greatestDifference(try network.weights(), try #require(golden.after["20"])) < 5.1e-9)
    }

    @Test("Within the body weights are the averages, and afterwards the same bits, also after an error")
    func swapping() throws {
        let network = try FormulaNetwork()
        let optimizer = try makeOptimizer(.init(), for: network.groups())
        let average = try WeightsMovingAverage(network.parameters, decay: 0.9)
        try train(0..<3, network, optimizer, average)
        let weights = try network.weights()
        let averages = try average.stateTensors.flatMap { try $0.tensor.doubles() }
        #expect(weights != averages)
        #expect(try average.withAverages { try network.weights() } == averages)
        #expect(throws: Failure.self) { try average.withAverages { throw Failure() } }
        #expect(try network.weights() == weights)
        #expect(try average.stateTensors.flatMap { try $0.tensor.doubles() } == averages)
        #expect(network.parameters.allSatisfy { $0.tensor.requiresGradient })
        // It goes on from there.
        try train(3..<4, network, optimizer, average)
        #expect(try network.weights() != weights)
    }

    @Test("An average that was put back goes on bit for bit, and another network's is refused")
    func state() throws {
        let network = try FormulaNetwork()
        let optimizer = try makeOptimizer(.init(), for: network.groups())
        let average = try WeightsMovingAverage(network.parameters, decay: 0.9)
        try train(0..<3, network, optimizer, average)
        let saved = try average.stateTensors.map { ($0.name, try ATen("aten::clone")($0.tensor)) }
        let again = try WeightsMovingAverage(network.parameters, decay: 0.9)
        try again.restore(saved.map { (name: $0.0, tensor: $0.1) })
        for step in 3..<5 {
            try train(step..<step + 1, network, optimizer, average)
            try again.update()
        }
        #expect(
            try again.stateTensors.map { try $0.tensor.doubles() }
                == average.stateTensors.map { try $0.tensor.doubles() })
        #expect(throws: TrainingError.self) { try again.restore([]) }
        #expect(average.stateTensors.map(\.name).first == "average.conv.weight")
    }
}
