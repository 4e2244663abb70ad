import CairnTorch
import CairnTraining
import Testing

@testable import CairnRecipes

@Suite struct OptimizerTests {
    private static let names = [
        "sgd-plain", "sgd", "sgd-nesterov", "sgd-decay", "sgd-rates", "sgd-groups", "adam", "adam-decay", "adamw",
        "adamw-betas", "adamw-groups", "sgd-accumulation",
    ]

    /// Takes all steps of a case, and gives weights after some of them.
    private func run(_ name: String, _ golden: OptimizerGoldens.Case, steps: Int, isDouble: Bool) throws -> [String:
        [Double]]
    {
        let network = try FormulaNetwork(isDouble: isDouble)
        let settings = golden.settings
        let groups = network.groups(
            decay: settings.weightDecay ?? 0, classifierMultiplier: settings.classifierMultiplier)
        let optimizer = try makeOptimizer(settings.optimizer(name), for: groups)
        let runs = GradientAccumulation(settings.accumulation ?? 1, batches: steps)
        var after: [String: [Double]] = [:]
        for step in 0..<steps {
            try network.addGradients(step: step, factor: runs.lossFactor(of: step))
            if runs.isLastOfStep(step) {
                try optimizer.step(rateFactor: (settings.rates?[step] ?? settings.learningRate) / settings.learningRate)
                try optimizer.clearGradients()
            }
            after[String(step + 1)] = try network.weights()
        }
        return after
    }

    @Test(
        "Weights are those of torch.optim after 1, 2, 5 and 20 steps, in double precision to its printed digits",
        arguments: names)
    func doubles(name: String) throws {
        let goldens = try OptimizerGoldens.load()
        let golden = try #require(goldens.cases[name])
        let after = try run(name, golden, steps: goldens.steps, isDouble: true)
        #expect(golden.after.count == 4)
        for (step, expected) in golden.after {
            #expect(greatestDifference(try #require(after[step]), expected) < 5.1e-9, "after \(step) steps")
        }
    }

    /// Torch's own single precision is 1.1e-6 away where the classifier's rate is ten times the others'.
    @Test("In single precision weights stay within two millionths of torch.optim's in double", arguments: names)
    func floats(name: String) throws {
        let goldens = try OptimizerGoldens.load()
        let golden = try #require(goldens.cases[name])
        let after = try run(name, golden, steps: goldens.steps, isDouble: false)
        for (step, expected) in golden.after {
            #expect(greatestDifference(try #require(after[step]), expected) < 2e-6, "after \(step) steps")
        }
    }

    @Test("A parameter without gradient keeps its weights and its state, and has its own count of steps")
    func skipped() throws {
        var settings = OptimizerSettings()
        (settings.kind, settings.weightDecay) = (.adamw, 0.1)
        let network = try FormulaNetwork()
        let optimizer = try makeOptimizer(settings, for: network.groups(decay: 0.1))
        for step in 0..<3 {
            try network.addGradients(step: step)
            if step < 2 { try network.parameters[2].tensor.setGradient(nil) }
            let before = try network.parameters[2].tensor.doubles()
            try optimizer.step(rateFactor: 1)
            #expect(try (network.parameters[2].tensor.doubles() == before) == (step < 2))
            try optimizer.clearGradients()
        }
        let steps = optimizer.stateTensors.filter { $0.name.hasPrefix("steps.") }
        #expect(try steps.map { try $0.tensor.item() } == [3, 3, 1, 3])
        #expect(steps.map(\.name) == FormulaNetwork.shapes.map { "steps." + $0.name })
    }

    @Test("Nothing happens where no parameter has a gradient")
    func noGradients() throws {
        let network = try FormulaNetwork()
        let before = try network.weights()
        for kind in [OptimizerSettings.Kind.sgd, .adam, .adamw] {
            var settings = OptimizerSettings()
            settings.kind = kind
            try makeOptimizer(settings, for: network.groups(decay: 0.1)).step(rateFactor: 1)
        }
        #expect(try network.weights() == before)
    }

    @Test("An optimiser that was put back goes on bit for bit", arguments: ["sgd-decay", "adam-decay", "adamw-groups"])
    func stateRoundTrip(name: String) throws {
        let golden = try #require(OptimizerGoldens.load().cases[name])
        let whole = try run(name, golden, steps: 12, isDouble: false)

        func optimizer(_ network: FormulaNetwork) throws -> any Optimizer {
            let groups = network.groups(
                decay: golden.settings.weightDecay ?? 0, classifierMultiplier: golden.settings.classifierMultiplier)
            return try makeOptimizer(golden.settings.optimizer(name), for: groups)
        }
        func steps(_ range: Range<Int>, _ network: FormulaNetwork, _ optimizer: any Optimizer) throws {
            for step in range {
                try network.addGradients(step: step)
                try optimizer.step(rateFactor: 1)
                try optimizer.clearGradients()
            }
        }
        let first = try FormulaNetwork(isDouble: false)
        let before = try optimizer(first)
        try steps(0..<7, first, before)

        // Through plain numbers, as a file would.
        let second = try FormulaNetwork(isDouble: false)
        try Torch.withoutGradients {
            for (new, old) in zip(second.parameters, first.parameters) {
                try ATen("aten::copy_").run(new.tensor, TorchTensor(old.tensor.floats(), shape: old.tensor.shape))
            }
        }
        let after = try optimizer(second)
        try after.restore(
            before.stateTensors.map { ($0.name, try TorchTensor($0.tensor.floats(), shape: $0.tensor.shape)) }
                .shuffled())
        try steps(7..<12, second, after)
        #expect(try second.weights() == #require(whole["12"]))
    }

    @Test("State of another network is refused with names, and nothing of it is taken")
    func strictRestore() throws {
        let network = try FormulaNetwork()
        let optimizer = try makeOptimizer(OptimizerSettings(), for: network.groups())
        var state = try optimizer.stateTensors.map { ($0.name, try ATen("aten::ones_like")($0.tensor)) }
        func message(_ state: [(String, TorchTensor)]) -> String {
            do {
                try optimizer.restore(state.map { (name: $0.0, tensor: $0.1) })
                return ""
            } catch { return (error as? TrainingError)?.message ?? "" }
        }
        #expect(message(Array(state.dropLast())).contains("lacks momentum.fc.weight"))
        #expect(message(state + [("momentum.other", state[0].1)]).contains("has momentum.other"))
        #expect(message(state + [state[0]]).contains("momentum.conv.weight twice"))
        state[1].1 = state[0].1
        #expect(message(state).contains("momentum.norm.weight"))
        #expect(try optimizer.stateTensors.flatMap { try $0.tensor.doubles() }.allSatisfy { $0 == 0 })
    }
}
