import CairnTraining
import Foundation

/// A run that never was: two stages, two sizes and two phases in the first, losses and figures by formula.
enum SyntheticRun {
    static let plan = TrainingPlan(parts: [
        .init(stage: 0, name: "clean", size: 224, epochs: 4, stepsPerEpoch: 60, batchSize: 32),
        .init(stage: 0, name: "clean", size: 320, epochs: 3, stepsPerEpoch: 60, batchSize: 32),
        .init(stage: 1, name: "full", size: 448, epochs: 4, stepsPerEpoch: 80, batchSize: 16),
    ])

    static let run = RunRecord(
        recipe: "delg", title: "DELG <on> the town", model: "delg", settingsDigest: "1f3a9c",
        settings: "batchSize: 32\nlosses:\n  - kind: arcFace\n", machine: "a machine with 2 cores, 8 GiB",
        versions: ["LibTorch": "2.15.0", "Cairn": "0.1.0"], seed: 7, threads: 2, date: "2026-01-02T03:04:05Z",
        figure: "mAP@100", plan: plan)

    /// The events of the run up to an epoch, with an own note, warnings and a checkpoint an epoch.
    static func events(epochs last: Int = 11, speed: Double = 1) -> [TrainingEvent] {
        var events: [TrainingEvent] = [.runStarted(run)]
        var (global, photos, number) = (0, 0, 0)
        for stage in 0..<2 {
            guard number < last else { break }
            let parts = plan.parts.filter { $0.stage == stage }
            events.append(.stageStarted(self.stage(stage, globalStep: global)))
            var epoch = 0
            for part in parts {
                for _ in 0..<part.epochs where number < last {
                    (epoch, number) = (epoch + 1, number + 1)
                    var sum = 0.0
                    for step in 1...part.stepsPerEpoch {
                        global += 1
                        photos += part.batchSize
                        let record = self.step(stage, epoch, step, global, photos, part, speed: speed)
                        sum += record.loss
                        events.append(.step(record))
                        if global == 130 {
                            events.append(
                                .warning(.init(stage: 0, globalStep: global, message: "a<b>.jpg is damaged; left out")))
                        }
                    }
                    let progress = Double(number)
                    events.append(
                        .epoch(
                            .init(
                                stage: stage, epoch: epoch, globalStep: global, photos: photos,
                                loss: sum / Double(part.stepsPerEpoch),
                                losses: ["arcFace": sum / 80, "attention": sum / 300],
                                accuracy: min(0.9, progress * 0.08), learningRate: 0.01,
                                validation: [
                                    "mAP@100": 0.72 - 0.6 * exp(-progress / 3) - (number == 11 ? 0.03 : 0),
                                    "P@10": 0.85 - 0.5 * exp(-progress / 4),
                                ], imagesPerSecond: 100 * speed,
                                seconds: Double(part.stepsPerEpoch) * seconds(part, speed) + 5, validationSeconds: 4,
                                peakResidentBytes: 1_400_000_000 + 20_000_000 * number)))
                    events.append(
                        .checkpoint(
                            .init(
                                stage: stage, epoch: epoch, globalStep: global, isEpochEnd: true, isBest: number != 11,
                                file: "last.cairn")))
                }
            }
        }
        if last >= 11 { events.append(.finished(.init(globalStep: global, seconds: 900))) }
        return events
    }

    static func stage(_ stage: Int, globalStep: Int) -> StageRecord {
        stage == 0
            ? .init(
                stage: 0, name: "clean", globalStep: globalStep, epochs: 7, data: "train", photos: 1920, classes: 200,
                sizes: [.init(name: "224 px", fromEpoch: 1), .init(name: "320 px", fromEpoch: 5)],
                phases: [.init(name: "soft", fromEpoch: 1), .init(name: "hard", fromEpoch: 4)])
            : .init(
                stage: 1, name: "full", globalStep: globalStep, epochs: 4, data: "clustered", photos: 1280,
                classes: 340, sizes: [.init(name: "448 px", fromEpoch: 1)])
    }

    private static func seconds(_ part: TrainingPlan.Part, _ speed: Double) -> Double {
        Double(part.batchSize * part.size * part.size) / 5e6 / speed
    }

    private static func step(
        _ stage: Int, _ epoch: Int, _ step: Int, _ global: Int, _ photos: Int, _ part: TrainingPlan.Part,
        speed: Double
    ) -> StepRecord {
        let time = Double(global)
        // Uneven, as steps are, and the same each time.
        let noise = sin(time * 12.9898) * 43_758.5453
        let wobble = noise - noise.rounded(.down) - 0.5
        let base = (stage == 0 ? 6 * exp(-time / 180) : 3 * exp(-(time - 420) / 150)) + 0.8
        let loss = base * (1 + 0.35 * wobble)
        return StepRecord(
            stage: stage, epoch: epoch, step: step, globalStep: global, photos: photos, loss: loss,
            losses: ["arcFace": loss * 0.75, "attention": loss * 0.2],
            accuracy: max(0, min(1, 0.9 - base / 8 + wobble / 10)),
            learningRate: 0.005 * (1 + cos(.pi * time / 740)) * min(1, time / 40),
            gradientNorm: 3 * base * exp(wobble), imagesPerSecond: Double(part.batchSize) / seconds(part, speed),
            seconds: seconds(part, speed))
    }
}
