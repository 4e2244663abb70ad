import CairnNN

/// Inception-v4, 1,536 channels at about 1/32 of the image's size.
///
/// Inception-v4: Szegedy, Ioffe, Vanhoucke, Alemi 2017, "Inception-v4, Inception-ResNet and the Impact of Residual Connections on
/// Learning", figures 3 to 9.
///
/// Parameter names: timm's `inception_v4` (`features.3.conv.conv.weight`, `last_linear.weight`).
/// Deviations from the paper: none in the layers. As in the published weights, batch normalisation has an epsilon of 1e-3, and means
/// at the border leave the padding out. Kernels without padding make the map smaller: 299 px give 8 x 8, and images need 75 px.
/// In training: batch statistics, momentum 0.1; nothing is dropped, where the paper drops a fifth before the classifier.
public struct InceptionV4<T: Tensor>: Backbone {
    /// Channels of the feature map.
    public let channels = 1536
    private let layers: [(T) throws -> T]
    private let classifier: PooledClassifier<T>?

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The root of the checkpoint's names.
    ///   - classes: Classes of the checkpoint's classifier; `nil` for none.
    public init(_ parameters: Parameters<T>, classes: Int? = nil) throws {
        let place = parameters["features"]
        var layers: [(T) throws -> T] = [
            try InceptionConvolution(place[0], from: 3, to: 32, kernel: (3, 3), stride: 2, padded: false)
                .callAsFunction,
            try InceptionConvolution(place[1], from: 32, to: 32, kernel: (3, 3), padded: false).callAsFunction,
            try InceptionConvolution(place[2], from: 32, to: 64, kernel: (3, 3)).callAsFunction,
            try Self.stemWithPool(place[3], from: 64, to: 96, poolFirst: true),
            try Self.factorizedStem(place[4]),
            try Self.stemWithPool(place[5], from: 192, to: 192, poolFirst: false),
        ]
        for index in 6..<10 { layers.append(try Self.blockA(place[index])) }
        layers.append(try Self.reductionA(place[10]))
        for index in 11..<18 { layers.append(try Self.blockB(place[index])) }
        layers.append(try Self.reductionB(place[18]))
        for index in 19..<22 { layers.append(try InceptionBlockC(place[index]).callAsFunction) }
        self.layers = layers
        classifier = try classes.map { try PooledClassifier(parameters["last_linear"], from: 1536, to: $0) }
    }

    /// Whether the network was built with classes.
    public var hasClassifier: Bool { classifier != nil }

    /// See `Backbone`.
    public func features(_ image: T) throws -> T {
        try layers.reduce(image) { try $1($0) }
    }

    /// See `Backbone`.
    public func logits(_ features: T) throws -> T {
        guard let classifier else { throw PooledClassifier<T>.missing }
        return try classifier(features)
    }

    // MARK: Blocks, by the figures of the paper

    /// Figure 3, the parts where a pool and a convolution halve the map side by side.
    private static func stemWithPool(
        _ place: Parameters<T>, from inputs: Int, to outputs: Int, poolFirst: Bool
    ) throws -> (T) throws -> T {
        let convolution = try InceptionConvolution(
            place["conv"], from: inputs, to: outputs, kernel: (3, 3), stride: 2, padded: false)
        return { x in
            let (pooled, convolved) = (try x.halvedByMaximum(), try convolution(x))
            return poolFirst
                ? try pooled.concatenated(with: [convolved], axis: 1)
                : try convolved.concatenated(with: [pooled], axis: 1)
        }
    }

    /// Figure 3, the part with 1 x 7 and 7 x 1 kernels.
    private static func factorizedStem(_ place: Parameters<T>) throws -> (T) throws -> T {
        try branches(
            chain(place["branch0"], from: 160, [.init(64, (1, 1)), .init(96, (3, 3), padded: false)]),
            chain(
                place["branch1"], from: 160,
                [.init(64, (1, 1)), .init(64, (1, 7)), .init(64, (7, 1)), .init(96, (3, 3), padded: false)]))
    }

    /// Figure 4.
    private static func blockA(_ place: Parameters<T>) throws -> (T) throws -> T {
        try branches(
            InceptionConvolution(place["branch0"], from: 384, to: 96, kernel: (1, 1)).callAsFunction,
            chain(place["branch1"], from: 384, [.init(64, (1, 1)), .init(96, (3, 3))]),
            chain(place["branch2"], from: 384, [.init(64, (1, 1)), .init(96, (3, 3)), .init(96, (3, 3))]),
            InceptionPoolProjection(place["branch3"], from: 384, to: 96).callAsFunction)
    }

    /// Figure 7.
    private static func reductionA(_ place: Parameters<T>) throws -> (T) throws -> T {
        try branches(
            InceptionConvolution(place["branch0"], from: 384, to: 384, kernel: (3, 3), stride: 2, padded: false)
                .callAsFunction,
            chain(
                place["branch1"], from: 384,
                [.init(192, (1, 1)), .init(224, (3, 3)), .init(256, (3, 3), stride: 2, padded: false)]),
            { try $0.halvedByMaximum() })
    }

    /// Figure 5.
    private static func blockB(_ place: Parameters<T>) throws -> (T) throws -> T {
        try branches(
            InceptionConvolution(place["branch0"], from: 1024, to: 384, kernel: (1, 1)).callAsFunction,
            chain(place["branch1"], from: 1024, [.init(192, (1, 1)), .init(224, (1, 7)), .init(256, (7, 1))]),
            chain(
                place["branch2"], from: 1024,
                [.init(192, (1, 1)), .init(192, (7, 1)), .init(224, (1, 7)), .init(224, (7, 1)), .init(256, (1, 7))]),
            InceptionPoolProjection(place["branch3"], from: 1024, to: 128).callAsFunction)
    }

    /// Figure 8.
    private static func reductionB(_ place: Parameters<T>) throws -> (T) throws -> T {
        try branches(
            chain(place["branch0"], from: 1024, [.init(192, (1, 1)), .init(192, (3, 3), stride: 2, padded: false)]),
            chain(
                place["branch1"], from: 1024,
                [
                    .init(256, (1, 1)), .init(256, (1, 7)), .init(320, (7, 1)),
                    .init(320, (3, 3), stride: 2, padded: false),
                ]),
            { try $0.halvedByMaximum() })
    }

    /// One layer of a branch.
    private struct Step {
        let outputs: Int
        let kernel: (Int, Int)
        let stride: Int
        let padded: Bool

        init(_ outputs: Int, _ kernel: (Int, Int), stride: Int = 1, padded: Bool = true) {
            self.outputs = outputs
            self.kernel = kernel
            self.stride = stride
            self.padded = padded
        }
    }

    private static func chain(_ place: Parameters<T>, from inputs: Int, _ steps: [Step]) throws -> (T) throws -> T {
        var layers: [InceptionConvolution<T>] = []
        var channels = inputs
        for (index, step) in steps.enumerated() {
            layers.append(
                try InceptionConvolution(
                    place[index], from: channels, to: step.outputs, kernel: step.kernel, stride: step.stride,
                    padded: step.padded))
            channels = step.outputs
        }
        return { [layers] x in try layers.reduce(x) { try $1($0) } }
    }

    /// Branches over the same map, their channels one after the other.
    private static func branches(_ first: @escaping (T) throws -> T, _ others: ((T) throws -> T)...) -> (T) throws -> T
    {
        { x in try first(x).concatenated(with: others.map { try $0(x) }, axis: 1) }
    }
}

extension Tensor {
    /// The largest of 3 x 3 neighbours, at half the size.
    fileprivate func halvedByMaximum() throws -> Self {
        try pooled(.maximum, window: PoolingWindow(kernel: 3, stride: 2))
    }
}
