import CairnRecipes
import CairnTorch
import CairnTrainingData

/// How bytes become the numbers that a network takes.
struct PixelNormalization {
    /// What is taken off each channel, in units of bytes.
    let mean: [Float]
    /// What each channel is divided by, in units of bytes.
    let deviation: [Float]

    /// By a recipe's word for it.
    init(_ normalization: RecipeModelInput.Normalization) {
        switch normalization {
        case .imagenet:
            mean = [0.485, 0.456, 0.406].map { $0 * 255 }
            deviation = [0.229, 0.224, 0.225].map { $0 * 255 }
        case .half:
            mean = [127.5, 127.5, 127.5]
            deviation = [127.5, 127.5, 127.5]
        case .unit:
            mean = [0, 0, 0]
            deviation = [255, 255, 255]
        }
    }

    /// `[N, 3, H, W]` of a block of photos.
    func tensor(_ block: ImageBlock, on device: TorchDevice) throws -> TorchTensor {
        try block.withUnsafeBytes { bytes in
            try TorchTensor.images(
                bytes, count: block.count, height: block.height, width: block.width, mean: mean, deviation: deviation,
                device: device)
        }
    }
}
