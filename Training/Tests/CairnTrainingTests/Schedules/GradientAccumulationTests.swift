import CairnTraining
import Testing

@Suite struct GradientAccumulationTests {
    @Test("Runs end after so many batches and with the epoch, and each weighs its batches evenly")
    func remainder() {
        let runs = GradientAccumulation(4, batches: 10)
        #expect(runs.steps == 3)
        #expect((0..<10).map(runs.step(of:)) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2])
        #expect((0..<10).filter(runs.isLastOfStep) == [3, 7, 9])
        #expect((0..<10).map(runs.lossFactor(of:)) == Array(repeating: 0.25, count: 8) + [0.5, 0.5])
    }

    @Test("Without accumulation each batch is a step", arguments: [0, 1, 5])
    func plain(batches: Int) {
        let runs = GradientAccumulation(1, batches: batches)
        #expect(runs.steps == batches)
        #expect((0..<batches).allSatisfy { runs.isLastOfStep($0) && runs.lossFactor(of: $0) == 1 })
    }

    @Test("Fewer batches than a run are one step")
    func short() {
        let runs = GradientAccumulation(8, batches: 3)
        #expect(runs.steps == 1)
        #expect((0..<3).map(runs.isLastOfStep) == [false, false, true])
        #expect(runs.lossFactor(of: 0) == 1.0 / 3)
    }
}
