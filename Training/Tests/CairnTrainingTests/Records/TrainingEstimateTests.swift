import CairnTraining
import Testing

struct TrainingEstimateTests {
    private static func step(_ epoch: Int, _ step: Int, seconds: Double, stage: Int = 0) -> TrainingEvent {
        .step(
            .init(
                stage: stage, epoch: epoch, step: step, globalStep: step, photos: 0, loss: 1, learningRate: 0.1,
                imagesPerSecond: 8 / seconds, seconds: seconds))
    }

    private static func epoch(_ epoch: Int, seconds: Double, beside: Double) -> TrainingEvent {
        .epoch(
            .init(
                stage: 0, epoch: epoch, globalStep: 0, photos: 0, loss: 1, learningRate: 0.1, imagesPerSecond: 1,
                seconds: seconds, miningSeconds: 1, validationSeconds: beside - 1))
    }

    @Test("A rate is all work by all time of the last steps, not the mean of their rates")
    func meter() {
        var meter = RateMeter(window: 2)
        #expect(meter.rate == nil)
        meter.add(work: 10, seconds: 1)
        meter.add(work: 10, seconds: 3)
        #expect(meter.rate == 5)
        meter.add(work: 30, seconds: 1)
        #expect(meter.rate == 10)
        meter.add(work: 5, seconds: 0)
        meter.add(work: .nan, seconds: 1)
        #expect(meter.rate == 10)
    }

    @Test("Time left counts steps, epochs, validation, and four times as much for photos of twice the side")
    func timeLeft() throws {
        let plan = TrainingPlan(parts: [
            .init(stage: 0, name: "a", size: 100, epochs: 2, stepsPerEpoch: 4, batchSize: 8),
            .init(stage: 0, name: "a", size: 200, epochs: 1, stepsPerEpoch: 4, batchSize: 8),
        ])
        var estimate = TrainingEstimate(plan: plan)
        #expect(estimate.secondsLeft == nil && estimate.share == 0)
        estimate.observe(Self.step(1, 1, seconds: 2))
        // 3 steps here; then 4 steps, then 4 of four times the cost, each step of 2 seconds.
        #expect(try #require(estimate.secondsLeftOfEpoch) == 6)
        #expect(try #require(estimate.secondsLeft) == 6 + 8 + 32)
        #expect(abs(estimate.share - 1 / 24) < 1e-12)
        for step in 2...4 { estimate.observe(Self.step(1, step, seconds: 2)) }
        estimate.observe(Self.epoch(1, seconds: 8 + 5, beside: 5))
        #expect(estimate.secondsLeftOfEpoch == 0)
        #expect(try #require(estimate.secondsLeft) == 8 + 32 + 2 * 5)
        #expect(estimate.secondsSpent == 13)
        estimate.observe(Self.step(2, 1, seconds: 2))
        #expect(try #require(estimate.secondsLeftOfEpoch) == 6 + 5)
        #expect(try #require(estimate.secondsLeft) == 6 + 5 + 32 + 5)
    }

    @Test("The line of a step names epoch, step, loss, accuracy, rate and both times left")
    func stepLine() {
        var text = TrainingProgressText(plan: SyntheticRun.plan)
        #expect(text.stepLine == "")
        let record = StepRecord(
            stage: 1, epoch: 2, step: 20, globalStep: 520, photos: 1, loss: 1.23456, accuracy: 0.3124,
            learningRate: 0.0025, imagesPerSecond: 8, seconds: 2)
        text.observe(.step(record))
        #expect(
            text.stepLine
                == "epoch 9/11 · step 20/80 · loss 1.235 · accuracy 31.2 % · lr 0.0025 · 8 images/s · "
                + "epoch 2:00 min, run 7:20 min left")
    }

    @Test("The line of an epoch has its means, its figures by name, and the time left")
    func epochLine() {
        let events = SyntheticRun.events(epochs: 10)
        var text = TrainingProgressText(plan: SyntheticRun.plan)
        for event in events { text.observe(event) }
        let record = EpochRecord(
            stage: 1, epoch: 3, globalStep: 1, photos: 1, loss: 0.5, accuracy: 0.75, learningRate: 0.01,
            validation: ["mAP@100": 0.5, "P@10": 0.25], imagesPerSecond: 123.4, seconds: 61, validationSeconds: 1)
        // 80 steps of 16 photos of 448 pixels at 5e6 pixels a second, and 4 seconds beside them.
        #expect(
            text.line(for: .epoch(record))
                == "epoch 10/11 · loss 0.5 · accuracy 75.0 % · P@10 0.25 · mAP@100 0.5 · lr 0.01 · 123.4 images/s · "
                + "1:01 min · 56 s left")
        #expect(text.line(for: .warning(.init(stage: 0, globalStep: 0, message: "x"))) == "warning: x")
        #expect(text.line(for: events[2]) == nil)
    }
}
