import CairnAlgebra
import CairnCore
import CairnImaging
import CairnModelLibrary
import CairnModels
import CairnRecipes
import CairnTorch
import CairnTrainingData
import Dispatch
import Foundation
import Synchronization

/// Describes photos by a network in training as the served model will: same fit, same normalisation, same scales.
struct PhotoDescriber {
    let network: TrainableNetwork
    let device: TorchDevice
    /// Products in bfloat16, as the stage trains.
    var usesBFloat16 = false
    /// Threads that decode.
    var workers = 2
    /// Photos that go through the network together where their sizes are equal.
    var batchSize = 32

    /// The descriptors of photos, row by row. A photo that cannot be read has a row of zeros, and is reported.
    ///
    /// Throws what the network throws.
    func describe(
        _ paths: [String], progress: (_ done: Int) throws -> Void = { _ in }
    ) throws -> (descriptors: DescriptorMatrix, unreadable: [UnreadablePhoto]) {
        let dimensions = network.dimensions
        var values = [Float](repeating: 0, count: paths.count * dimensions)
        var unreadable: [UnreadablePhoto] = []
        // Decoded in groups, so that memory holds few photos.
        let group = batchSize * 4
        for start in stride(from: 0, to: paths.count, by: group) {
            let range = start..<min(start + group, paths.count)
            let photos = decode(Array(paths[range]))
            var bySize: [[ImageSize]: [(row: Int, views: [RGBImage])]] = [:]
            for (offset, photo) in photos.enumerated() {
                switch photo {
                case .success(let views): bySize[views.map(\.size), default: []].append((start + offset, views))
                case .failure(let error):
                    unreadable.append(UnreadablePhoto(path: paths[start + offset], reason: "\(error)"))
                }
            }
            for sizes in bySize.keys.sorted(by: { "\($0)" < "\($1)" }) {
                let members = bySize[sizes] ?? []
                for first in stride(from: 0, to: members.count, by: batchSize) {
                    let batch = Array(members[first..<min(first + batchSize, members.count)])
                    let rows = try described(batch.map(\.views))
                    for (index, member) in batch.enumerated() {
                        for column in 0..<dimensions {
                            values[member.row * dimensions + column] = rows[index * dimensions + column]
                        }
                    }
                }
            }
            try progress(range.upperBound)
        }
        return (try DescriptorMatrix(values: values, dimensions: dimensions), unreadable)
    }

    /// Descriptors of photos that have the same sizes at all scales, `[count, D]`.
    private func described(_ photos: [[RGBImage]]) throws -> [Float] {
        let normalization = PixelNormalization(network.model.input.normalization)
        let scales = try photos[0].indices.map { scale in
            let images = try normalization.tensor(ImageBlock(photos.map { $0[scale] }), on: device)
            return try Torch.withAutocast(usesBFloat16, on: device) { try network.descriptors(images).floats() }
        }
        guard scales.count > 1 else { return scales[0] }
        let matrices = try scales.map { try DescriptorMatrix(values: $0, dimensions: network.dimensions) }
        return try network.model.scaleAggregation.aggregation.aggregate(matrices).values
    }

    /// Photos at all sizes at which the network looks at them.
    private func decode(_ paths: [String]) -> [Result<[RGBImage], any Error>] {
        let decoded = Mutex<[Result<[RGBImage], any Error>?]>(Array(repeating: nil, count: paths.count))
        let model = network.model
        let multiple = (try? Self.sizeMultiple(of: model)) ?? 1
        let threads = max(1, min(workers, paths.count))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for index in stride(from: thread, to: paths.count, by: threads) {
                let views = Result { try Self.views(of: paths[index], model, multiple) }
                decoded.withLock { $0[index] = views }
            }
        }
        return decoded.withLock { results in
            results.map { $0 ?? .failure(TrainingError(.failure, "the photo was not decoded")) }
        }
    }

    /// What sides are rounded to multiples of, as the served model rounds them.
    private static func sizeMultiple(of model: RecipeModel) throws -> Int {
        if try model.network.dependsOnSize() { return 32 }
        return try Architecture.named(model.backbone).sizeMultiple
    }

    /// The least side that a served model looks at.
    private static let minimumSide = 96

    private static func views(of path: String, _ model: RecipeModel, _ multiple: Int) throws -> [RGBImage] {
        let fit = model.input.fit.photoFit
        let largest = max(1, model.scales.max() ?? 1)
        let longSide = max(1, Int((Double(fit.decodedLongSide(model.input.size)) * largest).rounded()))
        let decoder = ImageDecoder(configuration: DecodingConfiguration(maximumLongSide: longSide))
        let image = try decoder.rgb(contentsOf: path).resized(toLongSide: longSide)
        let base = fit.base(image.size, side: model.input.size)
        return try model.scales.map { factor in
            func scaled(_ pixels: Double) -> Int { max(minimumSide, Int((pixels * factor).rounded())) }
            let size = ImageSize(width: scaled(base.width), height: scaled(base.height))
            let view = size == image.size ? image : try image.resized(to: size)
            guard multiple > 1 else { return view }
            // A second resize, as the served model has it: its pixels are those of the first.
            func rounded(_ side: Int) -> Int { max(minimumSide, (side + multiple / 2) / multiple * multiple) }
            let even = ImageSize(width: rounded(size.width), height: rounded(size.height))
            return even == size ? view : try view.resized(to: even)
        }
    }
}

extension RecipeModelInput.Fit {
    /// The same for served models.
    var photoFit: PhotoFit {
        switch self {
        case .longSide: .longSide
        case .shortSide: .shortSide
        case .square: .square
        }
    }
}
