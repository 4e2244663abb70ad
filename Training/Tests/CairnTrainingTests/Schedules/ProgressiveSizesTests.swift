import CairnTraining
import Testing

@testable import CairnRecipes

@Suite struct ProgressiveSizesTests {
    private func stage(_ sizes: [ImageSizeStep]) -> TrainingStage {
        TrainingStage(
            name: "stage", losses: [TrainingLoss(kind: .softmax)], sizes: sizes,
            epochs: sizes.map(\.epochs).reduce(0, +), batchSize: 32, source: "a test")
    }

    @Test("Sizes follow one another, each for its epochs and with its batches")
    func progression() {
        let sizes = ProgressiveSizes(
            stage([
                ImageSizeStep(size: 448, epochs: 3), ImageSizeStep(size: 512, epochs: 1, batchSize: 24),
                ImageSizeStep(size: 640, epochs: 2, shape: .aspectGroups),
            ]))
        #expect(sizes.epochs == 6)
        #expect((0..<6).map { sizes.size(ofEpoch: $0).size } == [448, 448, 448, 512, 640, 640])
        #expect((0..<6).map { sizes.batchSize(ofEpoch: $0) } == [32, 32, 32, 24, 32, 32])
        #expect((0..<6).map { sizes.beginsSize(atEpoch: $0) } == [true, false, false, true, true, false])
        #expect((0..<3).map { sizes.epochs(ofPlace: $0) } == [0..<3, 3..<4, 4..<6])
    }

    @Test("One size is a progression too")
    func single() {
        let sizes = ProgressiveSizes(stage([ImageSizeStep(size: 224, epochs: 4)]))
        #expect((0..<4).map { sizes.place(ofEpoch: $0) } == [0, 0, 0, 0])
    }
}
