import CairnNN

/// A pooled vector `[N, C]` made a descriptor `[N, D]` of length 1.
///
/// Losses over angles normalise what they get themselves, so training may take either form.
public struct DescriptorHead<T: Tensor> {
    /// Size of a descriptor, D.
    public let dimensions: Int

    private enum Layer {
        case linear(Linear<T>)
        case pointwise(PointwiseConvolution<T>)
        case batchNorm(BatchNorm2d<T>)
        case dropout(Dropout)
        case unitLength
    }
    private let layers: [Layer]

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The head's place.
    ///   - configuration: Which layers.
    ///   - channels: Size of the pooled vector, C.
    ///   - dimensions: Size of the descriptor; nil for that of the pooled vector.
    /// - Throws: `NetworkError` where there is no layer that could change the size to `dimensions`.
    public init(
        _ parameters: Parameters<T>, configuration: HeadConfiguration, from channels: Int, to dimensions: Int? = nil
    ) throws {
        let outputs = dimensions ?? channels
        guard outputs > 0 else {
            throw NetworkError(.invalidArgument, "a descriptor has one dimension at least, not \(outputs)")
        }
        func linear(_ name: String) throws -> Layer {
            .linear(try Linear(parameters[name], from: channels, to: outputs))
        }
        func batchNorm(_ name: String, _ size: Int) throws -> Layer {
            .batchNorm(try BatchNorm2d(parameters[name], size))
        }
        switch configuration.kind {
        case .none:
            guard outputs == channels else {
                throw NetworkError(
                    .invalidArgument,
                    "without a head descriptors have the backbone's \(channels) dimensions, not \(outputs); choose a head"
                )
            }
            layers = []
        case .linear:
            layers = [try linear("fc")]
        case .convolutionNorm:
            let convolution = try PointwiseConvolution(parameters["conv"], from: channels, to: outputs)
            layers = [.pointwise(convolution), try batchNorm("bn", outputs)]
        case .normalizedLinear:
            layers = [.unitLength, try linear("fc")]
        case .normDropoutLinearNorm:
            layers = [
                try batchNorm("bn1", channels),
                .dropout(Dropout(probability: configuration.dropout, phase: parameters.phase)), try linear("fc"),
                try batchNorm("bn2", outputs),
            ]
        case .linearNorm:
            layers = [try linear("fc"), try batchNorm("bn", outputs)]
        case .whitening:
            layers = [try linear("whiten")]
        }
        self.dimensions = outputs
    }

    /// `[N, C]` to `[N, D]`, each row of length 1.
    public func callAsFunction(_ pooled: T) throws -> T { try embedding(pooled).l2Normalized(axis: 1) }

    /// `[N, C]` to `[N, D]`, before the last normalisation.
    public func embedding(_ pooled: T) throws -> T {
        try layers.reduce(pooled) { x, layer in
            switch layer {
            case .linear(let linear): try linear(x)
            case .pointwise(let convolution): try convolution(x)
            case .batchNorm(let normalization): try normalization(x)
            case .dropout(let dropout): try dropout(x)
            case .unitLength: try x.l2Normalized(axis: 1)
            }
        }
    }
}

/// A 1x1 convolution of one pixel: a linear layer without bias whose `weight` is `[outputs, inputs, 1, 1]`.
private struct PointwiseConvolution<T: Tensor> {
    private let weight: T

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int) throws {
        weight = try parameters("weight", [outputs, inputs, 1, 1], .kaimingNormalFanOut)
    }

    /// The matrix is made of the kernels in each pass: in training they change between passes.
    func callAsFunction(_ x: T) throws -> T {
        try x.matrixProduct(with: weight.reshaped([weight.shape[0], weight.shape[1]]).transposed())
    }
}
