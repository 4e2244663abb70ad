import CairnTrainingData
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
        #expect((1...6).map { sizes.size(inEpoch: $0).size } == [448, 448, 448, 512, 640, 640])
        #expect((1...6).map { sizes.size(inEpoch: $0).batchSize } == [nil, nil, nil, 24, nil, nil])
    }

    @Test("One size is a progression too")
    func single() {
        let sizes = ProgressiveSizes(stage([ImageSizeStep(size: 224, epochs: 4)]))
        #expect((1...4).map { sizes.size(inEpoch: $0).size } == [224, 224, 224, 224])
    }
}
