import CairnNN

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// LoFTR's first part: coarse and fine features of one image, from a ResNet with a feature pyramid (section 3.1).
public struct LoFTRFeatures<T: Tensor> {
    private let stem: (convolution: Conv2d<T>, norm: BatchNorm2d<T>)
    private let stages: [[LoFTRBlock<T>]]
    private let laterals: [Conv2d<T>]
    private let merges: [LoFTRMerge<T>]
    private let configuration: LoFTRConfiguration

    /// What the network sees in an image.
    public struct Maps {
        /// A vector for each cell of 8 x 8 pixels, row by row, with its position encoded: `[N, H / 8 * W / 8, C]`.
        public let coarse: T
        /// A vector for each 2 x 2 pixels, channels last: `[N, H / 2, W / 2, C']`.
        public let fine: T
    }

    /// Takes its parameters by name. Throws as their source does, and `NetworkError` for impossible sizes.
    public init(_ parameters: Parameters<T>, configuration: LoFTRConfiguration = .published) throws {
        try configuration.validate()
        self.configuration = configuration
        let backbone = parameters["backbone"]
        let sizes = configuration.stageSizes
        stem = (
            try Conv2d(
                backbone["conv1"], from: 1, to: configuration.stemSize, kernel: 7, stride: 2, padding: 3, bias: false),
            try BatchNorm2d(backbone["bn1"], configuration.stemSize)
        )
        stages = try sizes.indices.map { index in
            let place = backbone["layer\(index + 1)"]
            let inputs = index == 0 ? configuration.stemSize : sizes[index - 1]
            return [
                try LoFTRBlock(place[0], from: inputs, to: sizes[index], stride: index == 0 ? 1 : 2),
                try LoFTRBlock(place[1], from: sizes[index], to: sizes[index], stride: 1),
            ]
        }
        laterals = try sizes.indices.map { index in
            try Conv2d(
                backbone["layer\(index + 1)_outconv"], from: sizes[index], to: sizes[min(index + 1, 2)], kernel: 1,
                bias: false)
        }
        merges = try (0..<2).map { index in
            try LoFTRMerge(backbone["layer\(index + 1)_outconv2"], from: sizes[index + 1], to: sizes[index])
        }
    }

    /// The maps of `[N, 1, H, W]`, luma in [0, 1]. Throws `NetworkError` where 8 does not divide the sides.
    public func callAsFunction(_ image: T) throws -> Maps {
        guard image.shape.rank == 4, image.shape[1] == 1, image.shape[2] % 8 == 0, image.shape[3] % 8 == 0 else {
            throw NetworkError.shape(layer: "LoFTR", expected: "[N, 1, 8 h, 8 w]", actual: image.shape)
        }
        var x = try stem.norm(stem.convolution(image)).relu()
        var levels: [T] = []
        for stage in stages {
            for block in stage { x = try block(x) }
            levels.append(x)
        }
        let coarse = try laterals[2](levels[2])
        let middle = try merges[1](laterals[1](levels[1]), below: coarse)
        let fine = try merges[0](laterals[0](levels[0]), below: middle)

        let (batch, channels, rows, columns) = (coarse.shape[0], coarse.shape[1], coarse.shape[2], coarse.shape[3])
        let waves = try coarse.constant(positionWaves(rows, columns), shape: [1, rows * columns, channels])
        return Maps(
            coarse: try coarse.permuted([0, 2, 3, 1]).reshaped([batch, rows * columns, channels]) + waves,
            fine: try fine.permuted([0, 2, 3, 1]))
    }

    /// Sines and cosines of each cell's position, counted from 1, `[rows * columns, C]`: sin x, cos x, sin y, cos y of each wave.
    private func positionWaves(_ rows: Int, _ columns: Int) -> [Float] {
        let channels = configuration.coarseSize
        let numbers: [Float] = (0..<(channels / 4)).map { index in
            switch configuration.positionEncoding {
            case .original: expf(-Float(2 * index))
            case .corrected: expf(Float(2 * index) * Float(-log(10_000.0) / Double(channels / 2)))
            }
        }
        var values: [Float] = []
        values.reserveCapacity(rows * columns * channels)
        for row in 1...max(rows, 1) {
            for column in 1...max(columns, 1) {
                for number in numbers {
                    let (x, y) = (Float(column) * number, Float(row) * number)
                    values.append(contentsOf: [sinf(x), cosf(x), sinf(y), cosf(y)])
                }
            }
        }
        return values
    }
}

/// Two 3 x 3 convolutions with a shortcut, which is projected where the stride is not 1.
private struct LoFTRBlock<T: Tensor> {
    private let convolutions: (Conv2d<T>, Conv2d<T>)
    private let norms: (BatchNorm2d<T>, BatchNorm2d<T>)
    private let shortcut: (convolution: Conv2d<T>, norm: BatchNorm2d<T>)?

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int, stride: Int) throws {
        convolutions = (
            try Conv2d(
                parameters["conv1"], from: inputs, to: outputs, kernel: 3, stride: stride, padding: 1, bias: false),
            try Conv2d(parameters["conv2"], from: outputs, to: outputs, kernel: 3, padding: 1, bias: false)
        )
        norms = (try BatchNorm2d(parameters["bn1"], outputs), try BatchNorm2d(parameters["bn2"], outputs))
        shortcut =
            stride == 1
            ? nil
            : (
                try Conv2d(
                    parameters["downsample"][0], from: inputs, to: outputs, kernel: 1, stride: stride, bias: false),
                try BatchNorm2d(parameters["downsample"][1], outputs)
            )
    }

    func callAsFunction(_ x: T) throws -> T {
        let residual = try norms.1(convolutions.1(norms.0(convolutions.0(x)).relu()))
        return try (residual + (shortcut.map { try $0.norm($0.convolution(x)) } ?? x)).relu()
    }
}

/// A level of the pyramid joined with the one below it, enlarged.
private struct LoFTRMerge<T: Tensor> {
    private let convolutions: (Conv2d<T>, Conv2d<T>)
    private let norm: BatchNorm2d<T>

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int) throws {
        convolutions = (
            try Conv2d(parameters[0], from: inputs, to: inputs, kernel: 3, padding: 1, bias: false),
            try Conv2d(parameters[3], from: inputs, to: outputs, kernel: 3, padding: 1, bias: false)
        )
        norm = try BatchNorm2d(parameters[1], inputs)
    }

    func callAsFunction(_ level: T, below: T) throws -> T {
        let enlarged = try below.resized(
            height: level.shape[2], width: level.shape[3], .bilinear(alignCorners: true))
        return try convolutions.1(norm(convolutions.0(level + enlarged)).mapped(.leakyReLU(slope: 0.01)))
    }
}
