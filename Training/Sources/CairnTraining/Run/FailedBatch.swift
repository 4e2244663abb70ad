import CairnFormats
import CairnTrainingData
import Foundation

/// A batch whose loss or gradient is no number, kept for those who look for the reason.
struct FailedBatch {
    private let batch: TrainingBatch
    private let reason: String

    /// Wraps a batch.
    init(_ batch: TrainingBatch, _ reason: String) {
        self.batch = batch
        self.reason = reason
    }

    private struct Text: Codable {
        var reason: String
        var epoch: Int
        var batch: Int
        var photos: [String]
        var labels: [String]
    }

    /// Writes `failed-batch.json`, the reason and the photos with their classes, and `failed-batch.safetensors`, the pixels as the
    /// network got them: `images.0` and so on, and `mixed.0`, each `[N, H, W, 3]`.
    /// Processes beside the first have their number in the names.
    func write(to folder: URL, _ photos: TrainingPhotoSet, rank: Int = 0) throws {
        let stem = rank == 0 ? "failed-batch" : "failed-batch-\(rank)"
        let text = Text(
            reason: reason, epoch: batch.epoch, batch: batch.index + 1, photos: batch.photos.map { photos[$0].path },
            labels: batch.labels.map { photos.classNames[$0] })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(text).write(to: folder.appendingPathComponent("\(stem).json"), options: .atomic)
        var tensors: [(name: String, array: NumericArray)] = []
        for (name, blocks) in [("images", batch.images), ("mixed", batch.mixed?.images ?? [])] {
            for (index, block) in blocks.enumerated() {
                let bytes = block.withUnsafeBytes { [UInt8]($0) }
                tensors.append(
                    ("\(name).\(index)", NumericArray(bytes, shape: [block.count, block.height, block.width, 3])))
            }
        }
        try SafetensorsFile.write(tensors, to: folder.appendingPathComponent("\(stem).safetensors").path)
    }
}
