import CairnNN

/// A convolution without bias, batch normalisation and ReLU: what Inception-v4 is made of. Names: `conv.weight`, `bn.…`.
struct InceptionConvolution<T: Tensor> {
    private let convolution: Conv2d<T>
    private let normalization: BatchNorm2d<T>

    /// Takes its parameters by name. A padded kernel keeps the size of the map; one that is not sees the map's inside only.
    init(
        _ parameters: Parameters<T>, from inputs: Int, to outputs: Int, kernel: (Int, Int), stride: Int = 1,
        padded: Bool = true
    ) throws {
        let border = padded ? Insets(vertical: kernel.0 / 2, horizontal: kernel.1 / 2) : Insets()
        convolution = try Conv2d(
            parameters["conv"], from: inputs, to: outputs, kernel: kernel,
            window: ConvolutionWindow(stride: stride, padding: border), bias: false, initializer: .kaimingUniform)
        normalization = try BatchNorm2d(parameters["bn"], outputs, epsilon: 1e-3)
    }

    /// `[N, inputs, H, W]` to `[N, outputs, H', W']`.
    func callAsFunction(_ x: T) throws -> T { try normalization(convolution(x)).relu() }
}

/// The mean of 3 x 3 neighbours and a 1 x 1 convolution; index 0, the pool, has no parameters.
struct InceptionPoolProjection<T: Tensor> {
    private let convolution: InceptionConvolution<T>

    /// Takes its parameters by name.
    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int) throws {
        convolution = try InceptionConvolution(parameters[1], from: inputs, to: outputs, kernel: (1, 1))
    }

    /// `[N, inputs, H, W]` to `[N, outputs, H, W]`.
    func callAsFunction(_ x: T) throws -> T {
        let window = PoolingWindow(kernel: 3, stride: 1, padding: Insets(1))
        return try convolution(x.pooled(.average(countingPadding: false), window: window))
    }
}

/// Figure 6 of the Inception-v4 paper: two of the branches fork once more, into a 1 x 3 and a 3 x 1 kernel.
struct InceptionBlockC<T: Tensor> {
    private let direct: InceptionConvolution<T>
    private let short: InceptionConvolution<T>
    private let shortFork: [InceptionConvolution<T>]
    private let long: [InceptionConvolution<T>]
    private let longFork: [InceptionConvolution<T>]
    private let pool: InceptionPoolProjection<T>

    /// Takes its parameters by name.
    init(_ place: Parameters<T>) throws {
        direct = try InceptionConvolution(place["branch0"], from: 1536, to: 256, kernel: (1, 1))
        short = try InceptionConvolution(place["branch1_0"], from: 1536, to: 384, kernel: (1, 1))
        shortFork = [
            try InceptionConvolution(place["branch1_1a"], from: 384, to: 256, kernel: (1, 3)),
            try InceptionConvolution(place["branch1_1b"], from: 384, to: 256, kernel: (3, 1)),
        ]
        long = [
            try InceptionConvolution(place["branch2_0"], from: 1536, to: 384, kernel: (1, 1)),
            try InceptionConvolution(place["branch2_1"], from: 384, to: 448, kernel: (3, 1)),
            try InceptionConvolution(place["branch2_2"], from: 448, to: 512, kernel: (1, 3)),
        ]
        longFork = [
            try InceptionConvolution(place["branch2_3a"], from: 512, to: 256, kernel: (1, 3)),
            try InceptionConvolution(place["branch2_3b"], from: 512, to: 256, kernel: (3, 1)),
        ]
        pool = try InceptionPoolProjection(place["branch3"], from: 1536, to: 256)
    }

    /// `[N, 1536, H, W]`, as given.
    func callAsFunction(_ x: T) throws -> T {
        let shortStem = try short(x)
        let longStem = try long.reduce(x) { try $1($0) }
        let forks = try shortFork.map { try $0(shortStem) } + longFork.map { try $0(longStem) }
        return try direct(x).concatenated(with: forks + [pool(x)], axis: 1)
    }
}
