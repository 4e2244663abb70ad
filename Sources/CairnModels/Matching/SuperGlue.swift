import CairnNN

/// SuperGlue: partners of keypoints from attention within and across two images, and an optimal assignment.
///
/// Sarlin, DeTone, Malisiewicz and Rabinovich, "SuperGlue: Learning Feature Matching with Graph Neural Networks", CVPR 2020.
/// Parameters are named as in the authors' published state dictionaries: `kenc`, `gnn.layers`, `final_proj`, `bin_score`.
///
/// Deviations: keypoints are rows and channels last, so that the 1 x 1 convolutions are matrix products; and lists may be padded,
/// for which see `KeypointSet`. Neither changes a result.
public struct SuperGlue<T: Tensor> {
    private let encoder: PointwiseNetwork<T>
    private let layers: [SuperGlueLayer<T>]
    private let projection: PointwiseConv1d<T>
    private let dustbin: T
    private let configuration: SuperGlueConfiguration

    /// Takes its parameters by name. Throws as their source does, and `NetworkError` for impossible sizes.
    public init(_ parameters: Parameters<T>, configuration: SuperGlueConfiguration = .published) throws {
        try configuration.validate()
        let size = configuration.descriptorSize
        encoder = try PointwiseNetwork(
            parameters["kenc"]["encoder"], widths: [3] + configuration.encoderSizes + [size])
        layers = try (0..<(2 * configuration.layerPairs)).map {
            try SuperGlueLayer(parameters["gnn"]["layers"][$0], size: size, heads: configuration.heads)
        }
        projection = try PointwiseConv1d(parameters["final_proj"], from: size, to: size)
        dustbin = try parameters("bin_score", [], .constant(1))
        self.configuration = configuration
    }

    /// The log assignment of keypoints of `a`, `[N, L, …]`, to those of `b`, `[N, S, …]`: `[N, L + 1, S + 1]`.
    ///
    /// The last row and column are the dustbins. Positions are (x, y, score), with x and y from the image's centre in units of
    /// 0.7 times its longer side. Throws `NetworkError` on other shapes.
    public func callAsFunction(_ a: KeypointSet<T>, _ b: KeypointSet<T>) throws -> T {
        let (x, y) = try matchedDescriptors(a, b)
        let scores = try x.matrixProduct(with: y.transposed()) / Float(configuration.descriptorSize).squareRoot()
        return try OptimalTransport(iterations: configuration.sinkhornIterations)
            .logAssignment(scores, dustbin: dustbin, validities: (a.validity, b.validity))
    }

    /// The descriptors after all layers and the last projection, `[N, L, D]` and `[N, S, D]`.
    public func matchedDescriptors(_ a: KeypointSet<T>, _ b: KeypointSet<T>) throws -> (T, T) {
        for set in [a, b] {
            try set.check(coordinates: 3, descriptorSize: configuration.descriptorSize, layer: "SuperGlue")
        }
        var x = try a.descriptors + encoder(a.positions)
        var y = try b.descriptors + encoder(b.positions)
        for (index, layer) in layers.enumerated() {
            let isCross = index % 2 == 1
            let (sourceOfX, sourceOfY) = isCross ? (y, x) : (x, y)
            let (seenByX, seenByY) = isCross ? (b.validity, a.validity) : (a.validity, b.validity)
            let (dx, dy) = (
                try layer(x, source: sourceOfX, validity: seenByX), try layer(y, source: sourceOfY, validity: seenByY)
            )
            (x, y) = (try x + dx, try y + dy)
        }
        return (try projection(x), try projection(y))
    }
}
