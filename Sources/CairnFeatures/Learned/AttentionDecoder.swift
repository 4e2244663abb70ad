import CairnCore

/// From DELG's maps of an image at several sizes to keypoints: the places of the most attention, whatever their size.
///
/// Cao, Araujo and Sim 2020, sections 3 and 5.1. A cell's position is the centre of its receptive field. Neighbours do not suppress
/// each other, as in the paper.
struct AttentionDecoder {
    /// Pixels between two cells' centres: the stride of a residual network's third stage.
    static let stride = 16
    /// Below so many pixels of the short side a size is left out, unless it is the only one.
    static let minimumSide = 32

    let configuration: KeypointConfiguration
    let imageSize: ImageSize
    let entries: Int
    private var found: [Place] = []

    init(configuration: KeypointConfiguration, imageSize: ImageSize, entries: Int) {
        self.configuration = configuration
        self.imageSize = imageSize
        self.entries = entries
    }

    /// A cell that may become a keypoint; a position in pixels of its size's input, from the first pixel's centre.
    private struct Place {
        let x: Float
        let y: Float
        let score: Float
        let frame: NetworkFrame
        let descriptor: [Float]
    }

    /// Cells along a side of so many pixels: four halvings, each rounded up.
    static func cells(_ side: Int) -> Int { (side + stride - 1) / stride }

    /// The sizes at which the network looks at the image: those of the pyramid that keep the long side within the limit.
    var sizes: [ImageSize] {
        let sizes = configuration.pyramid.map { factor in
            func side(_ pixels: Int) -> Int { max(1, Int((Float(pixels) * factor).rounded())) }
            return ImageSize(width: side(imageSize.width), height: side(imageSize.height))
        }
        let fitting = sizes.filter {
            $0.longSide <= configuration.longSide && min($0.width, $0.height) >= Self.minimumSide
        }
        return fitting.isEmpty ? [imageSize.fitted(toLongSide: configuration.longSide)] : fitting
    }

    /// Takes the best cells of one size. Attention and descriptors, `[1, D, h, w]`, have the same cells.
    mutating func add(attention: ScoreMap, descriptors: NetworkArray, frame: NetworkFrame) {
        let cells = attention.values.count
        let candidates = attention.values.indices.filter { attention.values[$0] > configuration.scoreThreshold }
        let best = DenseKeypointDecoder(configuration: configuration).strongest(candidates) { attention.values[$0] }
        for cell in best {
            // Every layer of stride 2 has its first window's centre on the first pixel, so that centres are multiples of the stride.
            var vector = (0..<entries).map { descriptors.values[$0 * cells + cell] }
            vector.withUnsafeMutableBufferPointer { UnitLength.normalize($0) }
            found.append(
                Place(
                    x: Float(Self.stride * (cell % attention.width)), y: Float(Self.stride * (cell / attention.width)),
                    score: attention.values[cell], frame: frame, descriptor: vector))
        }
    }

    /// The best of all sizes, most attention first.
    func keypoints() -> LearnedKeypoints {
        var result = LearnedKeypoints(imageSize: imageSize, entries: entries)
        for place in DenseKeypointDecoder(configuration: configuration).strongest(found, \.score) {
            result.append(x: place.x, y: place.y, score: place.score, in: place.frame)
            result.descriptors.append(contentsOf: place.descriptor)
        }
        return result
    }
}
