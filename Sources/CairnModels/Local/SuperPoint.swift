import CairnNN

/// SuperPoint: keypoints and their descriptors from one fully convolutional network.
///
/// DeTone, Malisiewicz and Rabinovich, "SuperPoint: Self-Supervised Interest Point Detection and Description", CVPRW 2018.
/// Parameters are named as in the authors' published state dictionary, `conv1a` to `convDb`.
///
/// Deviations: none in the network. Softmax, dust bin and the shuffle from cells to pixels are part of it here.
public struct SuperPoint<T: Tensor> {
    /// Rows and columns of pixels that share a cell of the maps.
    public static var cellSize: Int { 8 }
    /// Length of a descriptor.
    public static var descriptorSize: Int { 256 }

    private let encoder: [[Conv2d<T>]]
    private let detector: (hidden: Conv2d<T>, output: Conv2d<T>)
    private let describer: (hidden: Conv2d<T>, output: Conv2d<T>)

    /// What the network sees in an image.
    public struct Maps {
        /// How likely each pixel is a keypoint, in [0, 1]: `[N, 1, H, W]`.
        public let heatmap: T
        /// A descriptor of unit length for each cell: `[N, 256, H / 8, W / 8]`.
        public let descriptors: T
    }

    /// Takes its parameters by name. Throws as their source does.
    public init(_ parameters: Parameters<T>) throws {
        func convolution(_ name: String, from inputs: Int, to outputs: Int, kernel: Int = 3) throws -> Conv2d<T> {
            try Conv2d(parameters[name], from: inputs, to: outputs, kernel: kernel, padding: kernel / 2)
        }
        encoder = try [(1, 1, 64), (2, 64, 64), (3, 64, 128), (4, 128, 128)].map { stage, inputs, outputs in
            [
                try convolution("conv\(stage)a", from: inputs, to: outputs),
                try convolution("conv\(stage)b", from: outputs, to: outputs),
            ]
        }
        detector = (
            try convolution("convPa", from: 128, to: 256), try convolution("convPb", from: 256, to: 65, kernel: 1)
        )
        describer = (
            try convolution("convDa", from: 128, to: 256),
            try convolution("convDb", from: 256, to: Self.descriptorSize, kernel: 1)
        )
    }

    /// Both maps of `[N, 1, H, W]`, luma in [0, 1]. Throws `NetworkError` where 8 does not divide the sides.
    public func callAsFunction(_ image: T) throws -> Maps {
        guard image.shape.rank == 4, image.shape[1] == 1, image.shape[2] % 8 == 0, image.shape[3] % 8 == 0 else {
            throw NetworkError.shape(layer: "SuperPoint", expected: "[N, 1, 8 h, 8 w]", actual: image.shape)
        }
        let features = try encoded(image)
        return Maps(
            heatmap: try Self.heatmap(ofLogits: detector.output(detector.hidden(features).relu())),
            descriptors: try describer.output(describer.hidden(features).relu()).l2Normalized(axis: 1))
    }

    /// The shared features, `[N, 128, H / 8, W / 8]`.
    private func encoded(_ image: T) throws -> T {
        var x = image
        for (stage, convolutions) in encoder.enumerated() {
            if stage > 0 { x = try x.pooled(.maximum, window: PoolingWindow(kernel: 2, stride: 2)) }
            for convolution in convolutions { x = try convolution(x).relu() }
        }
        return x
    }

    /// Each cell's distribution over its 64 pixels and "none of them", spread out: `[N, 65, h, w]` to `[N, 1, 8 h, 8 w]`.
    static func heatmap(ofLogits logits: T) throws -> T {
        let (batch, rows, columns) = (logits.shape[0], logits.shape[2], logits.shape[3])
        return try logits.softmax(axis: 1).sliced(axis: 1, 0..<64)
            .reshaped([batch, 8, 8, rows, columns])
            .permuted([0, 3, 1, 4, 2])
            .reshaped([batch, 1, rows * 8, columns * 8])
    }
}
