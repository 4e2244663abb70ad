import CairnNN

/// The first stage: two convolutions, each normalised and activated.
struct ALIKEDPlainBlock<T: Tensor> {
    private let conv1: Conv2d<T>
    private let bn1: BatchNorm2d<T>
    private let conv2: Conv2d<T>
    private let bn2: BatchNorm2d<T>

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int) throws {
        conv1 = try Conv2d(parameters["conv1"], from: inputs, to: outputs, kernel: 3, padding: 1, bias: false)
        bn1 = try BatchNorm2d(parameters["bn1"], outputs)
        conv2 = try Conv2d(parameters["conv2"], from: outputs, to: outputs, kernel: 3, padding: 1, bias: false)
        bn2 = try BatchNorm2d(parameters["bn2"], outputs)
    }

    func callAsFunction(_ x: T) throws -> T {
        try bn2(conv2(bn1(conv1(x)).selu())).selu()
    }
}

/// A residual stage with a projected shortcut; its convolutions are plain or deformable.
struct ALIKEDResidualBlock<T: Tensor> {
    private let conv1: ALIKEDConvolution<T>
    private let bn1: BatchNorm2d<T>
    private let conv2: ALIKEDConvolution<T>
    private let bn2: BatchNorm2d<T>
    private let downsample: Conv2d<T>

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int, isDeformable: Bool) throws {
        func convolution(_ name: String, from inputs: Int) throws -> ALIKEDConvolution<T> {
            isDeformable
                ? .deformable(try DeformableConv2d(parameters[name], from: inputs, to: outputs))
                : .plain(
                    try Conv2d(parameters[name], from: inputs, to: outputs, kernel: 3, padding: 1, bias: false))
        }
        conv1 = try convolution("conv1", from: inputs)
        bn1 = try BatchNorm2d(parameters["bn1"], outputs)
        conv2 = try convolution("conv2", from: outputs)
        bn2 = try BatchNorm2d(parameters["bn2"], outputs)
        downsample = try Conv2d(parameters["downsample"], from: inputs, to: outputs, kernel: 1)
    }

    func callAsFunction(_ x: T) throws -> T {
        let residual = try bn2(conv2(bn1(conv1(x)).selu()))
        return try (residual + downsample(x)).selu()
    }
}

/// A 3 x 3 convolution that keeps the map's size.
enum ALIKEDConvolution<T: Tensor> {
    case plain(Conv2d<T>)
    case deformable(DeformableConv2d<T>)

    func callAsFunction(_ x: T) throws -> T {
        switch self {
        case .plain(let convolution): try convolution(x)
        case .deformable(let convolution): try convolution(x)
        }
    }
}
