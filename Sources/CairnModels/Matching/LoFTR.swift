import CairnNN

/// LoFTR: matches between two images without keypoints, first of cells of 8 x 8 pixels, then refined below a pixel.
///
/// Sun, Shen, Wang, Bao and Zhou, "LoFTR: Detector-Free Local Feature Matching with Transformers", CVPR 2021. Parameters are named
/// as in the authors' published checkpoints without their `matcher.`, and as kornia's: `backbone`, `loftr_coarse`,
/// `fine_preprocess`, `loftr_fine`.
///
/// The network comes in three parts, each of which may be built alone, because which cells match is decided between them:
/// `features` sees an image, `coarse` compares two images' cells, `fine` refines chosen pairs of cells.
///
/// Deviations: of the published variants the one with double softmax; optimal transport is left out. Padding is seen by no
/// attention, as in the authors' code with masks.
public struct LoFTR<T: Tensor> {
    /// Rows and columns of pixels that share a coarse cell.
    public static var coarseCellSize: Int { 8 }
    /// Rows and columns of pixels that share a vector of fine features.
    public static var fineCellSize: Int { 2 }

    /// Features of one image.
    public let features: LoFTRFeatures<T>
    /// Matches of cells.
    public let coarse: LoFTRCoarseMatching<T>
    /// Matches below a pixel.
    public let fine: LoFTRFineMatching<T>

    /// Takes its parameters by name. Throws as their source does, and `NetworkError` for impossible sizes.
    public init(_ parameters: Parameters<T>, configuration: LoFTRConfiguration = .published) throws {
        features = try LoFTRFeatures(parameters, configuration: configuration)
        coarse = try LoFTRCoarseMatching(parameters, configuration: configuration)
        fine = try LoFTRFineMatching(parameters, configuration: configuration)
    }
}

/// LoFTR's second part: how surely each pair of cells matches (sections 3.2 and 3.3).
public struct LoFTRCoarseMatching<T: Tensor> {
    private let transformer: LoFTRTransformer<T>
    private let configuration: LoFTRConfiguration

    /// What comes of two images' cells.
    public struct Matches {
        /// The first image's vectors, transformed: `[N, L, C]`.
        public let a: T
        /// The second image's: `[N, S, C]`.
        public let b: T
        /// How surely two cells match, in [0, 1]: `[N, L, S]`. 0 where one is padding.
        public let confidence: T
    }

    /// Takes its parameters by name. Throws as their source does, and `NetworkError` for impossible sizes.
    public init(_ parameters: Parameters<T>, configuration: LoFTRConfiguration = .published) throws {
        try configuration.validate()
        self.configuration = configuration
        transformer = try LoFTRTransformer(
            parameters["loftr_coarse"], pairs: configuration.coarseLayerPairs, size: configuration.coarseSize,
            heads: configuration.heads)
    }

    /// Matches of coarse features `[N, L, C]` and `[N, S, C]`, with validities `[N, L]` and `[N, S]`: 0 for padding.
    public func callAsFunction(_ a: T, _ b: T, validities: (T?, T?) = (nil, nil)) throws -> Matches {
        let size = configuration.coarseSize
        for x in [a, b] where x.shape.rank != 3 || x.shape[2] != size {
            throw NetworkError.shape(layer: "loftr_coarse", expected: "[N, cells, \(size)]", actual: x.shape)
        }
        let (x, y) = try transformer(a, b, validities: validities)
        let scale = 1 / (Float(size) * configuration.temperature)
        var similarity = try x.matrixProduct(with: y.transposed()) * scale
        for (validity, axis) in [(validities.0, 2), (validities.1, 1)] {
            guard let validity else { continue }
            similarity = try similarity + MaskedAttention.bias(validity).expanded(at: axis)
        }
        var confidence = try similarity.softmax(axis: 1) * similarity.softmax(axis: 2)
        for (validity, axis) in [(validities.0, 2), (validities.1, 1)] {
            guard let validity else { continue }
            confidence = try confidence * validity.expanded(at: axis)
        }
        return Matches(a: x, b: y, confidence: confidence)
    }
}

/// LoFTR's third part: where in the second cell's window the centre of the first one's lies (section 3.4).
public struct LoFTRFineMatching<T: Tensor> {
    private let coarseProjection: Linear<T>
    private let merge: Linear<T>
    private let transformer: LoFTRTransformer<T>
    private let configuration: LoFTRConfiguration

    /// Takes its parameters by name. Throws as their source does, and `NetworkError` for impossible sizes.
    public init(_ parameters: Parameters<T>, configuration: LoFTRConfiguration = .published) throws {
        try configuration.validate()
        self.configuration = configuration
        let place = parameters["fine_preprocess"]
        let size = configuration.fineSize
        coarseProjection = try Linear(
            place["down_proj"], from: configuration.coarseSize, to: size, initializer: .kaimingNormalFanOut)
        merge = try Linear(place["merge_feat"], from: 2 * size, to: size, initializer: .kaimingNormalFanOut)
        transformer = try LoFTRTransformer(
            parameters["loftr_fine"], pairs: configuration.fineLayerPairs, size: size, heads: configuration.heads)
    }

    /// Where the first window's centre lies in the second, and how uncertain that is: (x, y, deviation), `[M, 3]`.
    ///
    /// Positions are from the window's centre in units of half of it, in [-1, 1].
    ///
    /// - Parameters:
    ///   - windows: Fine features around the two cells of each match, row by row, `[M, W * W, C']`.
    ///   - cells: The matched cells' transformed vectors, `[M, C]`.
    public func callAsFunction(windows: (T, T), cells: (T, T)) throws -> T {
        let (side, size) = (configuration.windowSize, configuration.fineSize)
        let count = windows.0.shape[0]
        let shape: Shape = [count, side * side, size]
        for window in [windows.0, windows.1] where window.shape != shape {
            throw NetworkError.shape(layer: "loftr_fine", expected: shape.description, actual: window.shape)
        }
        func seen(_ window: T, _ cell: T) throws -> T {
            let context = try coarseProjection(cell).expanded(at: 1).broadcast(to: shape)
            return try merge(window.concatenated(with: [context], axis: 2))
        }
        let (x, y) = try transformer(seen(windows.0, cells.0), seen(windows.1, cells.1))
        let middle = side * side / 2
        let centre = try x.sliced(axis: 1, middle..<(middle + 1))
        let heat = try (centre.matrixProduct(with: y.transposed()) * (1 / Float(size).squareRoot()))
            .softmax(axis: 2).reshaped([count, side * side])
        let steps: [Float] = (0..<side).map { 2 * Float($0) / Float(max(side - 1, 1)) - (side == 1 ? 0 : 1) }
        let places: [Float] = (0..<(side * side)).flatMap { [steps[$0 % side], steps[$0 / side]] }
        let grid = try heat.constant(places, shape: [side * side, 2])
        let mean = try heat.matrixProduct(with: grid)
        let variance = try heat.matrixProduct(with: grid * grid) - mean * mean
        let deviation = try variance.clamped(lower: 1e-10).squareRoot().sum([1], keepingAxes: true)
        return try mean.concatenated(with: [deviation], axis: 1)
    }
}
