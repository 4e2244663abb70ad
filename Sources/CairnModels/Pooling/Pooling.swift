import CairnNN

/// A feature map `[N, C, H, W]` made one vector an image, `[N, C]`.
///
/// The exponent of a generalised mean, where it is learned, is the parameter `p` `[1]` at the layer's place, as in
/// cnnimageretrieval's checkpoints (`pool.p`).
public struct Pooling<T: Tensor> {
    private let configuration: PoolingConfiguration
    /// `[1]`, where it is learned.
    private let exponent: T?

    /// Takes the exponent by name, where it is learned.
    ///
    /// Throws `NetworkError` for an exponent, a number of levels or an epsilon that is not positive.
    public init(_ parameters: Parameters<T>, configuration: PoolingConfiguration) throws {
        guard configuration.exponent > 0, configuration.levels > 0, configuration.epsilon > 0 else {
            throw NetworkError(
                .invalidArgument,
                "pooling takes a positive exponent, number of levels and epsilon, not \(configuration.exponent), "
                    + "\(configuration.levels) and \(configuration.epsilon)")
        }
        self.configuration = configuration
        let isMean = configuration.kind == .generalizedMean || configuration.kind == .regionalGeneralizedMean
        exponent =
            isMean && configuration.learnsExponent
            ? try parameters("p", [1], role: .normalization, .constant(configuration.exponent)) : nil
    }

    /// `[N, C, H, W]` to `[N, C]`. Throws `NetworkError` for anything that is no map.
    public func callAsFunction(_ map: T) throws -> T {
        guard map.shape.rank == 4 else {
            throw NetworkError.shape(layer: "pooling", expected: "[N, C, H, W]", actual: map.shape)
        }
        switch configuration.kind {
        case .average: return try map.mean([2, 3])
        case .maximum: return try map.maximum([2, 3])
        case .generalizedMean: return try root(powers(map).mean([2, 3]))
        case .regionalMaximum: return try summedRegions(of: map) { try $0.maximum([2, 3]) }
        case .regionalGeneralizedMean:
            // The powers of the map serve all regions.
            return try summedRegions(of: powers(map)) { try root($0.mean([2, 3])) }
        }
    }

    /// `max(x, epsilon)^p`.
    private func powers(_ map: T) throws -> T {
        let positive = try map.clamped(lower: configuration.epsilon)
        guard let exponent else { return try positive.power(configuration.exponent) }
        return try positive.combined(.power, with: exponent)
    }

    /// `x^(1/p)`.
    private func root(_ mean: T) throws -> T {
        guard let exponent else { return try mean.power(1 / configuration.exponent) }
        return try mean.combined(.power, with: 1 / exponent)
    }

    /// The sum of the regions' vectors, each divided by its length plus epsilon.
    private func summedRegions(of map: T, _ pool: (T) throws -> T) throws -> T {
        let regions = PoolingRegion.grid(height: map.shape[2], width: map.shape[3], levels: configuration.levels)
        var total: T?
        for region in regions {
            let vector = try pool(map.sliced(axis: 2, region.rows).sliced(axis: 3, region.columns))
            let length = try (vector * vector).sum([1], keepingAxes: true).squareRoot()
            let unit = try vector / (length + configuration.epsilon)
            total = try total.map { try $0 + unit } ?? unit
        }
        guard let total else {
            throw NetworkError.shape(layer: "pooling", expected: "[N, C, H, W] of a size", actual: map.shape)
        }
        return total
    }
}
