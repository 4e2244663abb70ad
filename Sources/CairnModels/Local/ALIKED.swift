import CairnNN

/// ALIKED: a light network whose descriptors are made from samples at places that it chooses for each keypoint.
///
/// Zhao, Wu, Chen, Chen, Xu and Li, "ALIKED: A Lighter Keypoint and Descriptor Extraction Network via Deformable
/// Transformation", IEEE TIM 2023. Parameters are named as in the authors' published checkpoints (`aliked-n16.pth`).
///
/// The network comes in three parts, because which keypoints there are is decided between them: `callAsFunction` sees the image,
/// `ALIKEDDescriptorHead` describes keypoints in two steps.
///
/// Deviations: none in results. The score head's first layer is applied to each stage before it is enlarged (both are linear,
/// so they commute), and the enlarged, normalised 128-channel map is made only where samples are taken; at 1,024 x 768 that map
/// alone would be 400 MB.
public struct ALIKED<T: Tensor> {
    /// Images must have sides that this number divides.
    public static var sizeMultiple: Int { 32 }
    /// Descriptors of keypoints.
    public let descriptorHead: ALIKEDDescriptorHead<T>

    private let stages: (ALIKEDPlainBlock<T>, ALIKEDResidualBlock<T>, ALIKEDResidualBlock<T>, ALIKEDResidualBlock<T>)
    private let laterals: [Conv2d<T>]
    private let scoreHead: [Conv2d<T>]

    /// What the network sees in an image.
    public struct Maps {
        /// How good a keypoint each pixel is, in (0, 1): `[N, 1, H, W]`.
        public let scores: T
        /// A quarter of the descriptor's channels each, `[N, D / 4, H / s, W / s]` for s of 1, 2, 8 and 32.
        public let levels: [T]
    }

    /// Takes its parameters by name. Throws as their source does.
    public init(_ parameters: Parameters<T>, configuration: ALIKEDConfiguration = .n16) throws {
        let widths = configuration.channels
        precondition(widths.count == 4 && widths[3] == configuration.descriptorSize, "widths of \(configuration)")
        stages = (
            try ALIKEDPlainBlock(parameters["block1"], from: 3, to: widths[0]),
            try ALIKEDResidualBlock(parameters["block2"], from: widths[0], to: widths[1], isDeformable: false),
            try ALIKEDResidualBlock(parameters["block3"], from: widths[1], to: widths[2], isDeformable: true),
            try ALIKEDResidualBlock(parameters["block4"], from: widths[2], to: widths[3], isDeformable: true)
        )
        let size = configuration.descriptorSize
        laterals = try widths.enumerated().map { index, width in
            try Conv2d(parameters["conv\(index + 1)"], from: width, to: size / 4, kernel: 1, bias: false)
        }
        let head = parameters["score_head"]
        scoreHead = [
            try Conv2d(head[0], from: size, to: 8, kernel: 1, bias: false),
            try Conv2d(head[2], from: 8, to: 4, kernel: 3, padding: 1, bias: false),
            try Conv2d(head[4], from: 4, to: 4, kernel: 3, padding: 1, bias: false),
            try Conv2d(head[6], from: 4, to: 1, kernel: 3, padding: 1, bias: false),
        ]
        descriptorHead = try ALIKEDDescriptorHead(parameters["desc_head"], configuration: configuration)
    }

    /// The maps of `[N, 3, H, W]`, RGB in [0, 1]. Throws `NetworkError` where 32 does not divide the sides.
    public func callAsFunction(_ image: T) throws -> Maps {
        let shape = image.shape
        guard shape.rank == 4, shape[1] == 3, shape[2] % 32 == 0, shape[3] % 32 == 0 else {
            throw NetworkError.shape(layer: "ALIKED", expected: "[N, 3, 32 h, 32 w]", actual: shape)
        }
        let x1 = try stages.0(image)
        let x2 = try stages.1(x1.averaged(by: 2))
        let x3 = try stages.2(x2.averaged(by: 4))
        let x4 = try stages.3(x3.averaged(by: 4))
        let levels = try zip([x1, x2, x3, x4], laterals).map { try $1($0).selu() }
        return Maps(scores: try scores(levels), levels: levels)
    }

    /// The stages together, enlarged to the image's size and of unit length at each pixel: `[N, D, H, W]`.
    ///
    /// Where a network is trained, and to compare with; descriptors are otherwise made from the levels themselves.
    public func featureMap(_ maps: Maps) throws -> T {
        let size = maps.scores.shape
        let enlarged = try maps.levels.map { try $0.enlarged(height: size[2], width: size[3]) }
        return try enlarged[0].concatenated(with: Array(enlarged[1...]), axis: 1).l2Normalized(axis: 1)
    }

    private func scores(_ levels: [T]) throws -> T {
        let (height, width) = (levels[0].shape[2], levels[0].shape[3])
        let weights = try scoreHead[0].weight.split(into: 4, axis: 1)
        var sum = try levels[0].convolved(weight: weights[0], bias: nil, window: ConvolutionWindow())
        for (level, weight) in zip(levels, weights).dropFirst() {
            sum =
                try sum
                + level.convolved(weight: weight, bias: nil, window: ConvolutionWindow())
                .enlarged(height: height, width: width)
        }
        var x = try sum.selu()
        for convolution in scoreHead[1...2] { x = try convolution(x).selu() }
        return try scoreHead[3](x).sigmoid()
    }
}

extension Tensor {
    /// Self-normalising activation (Klambauer et al. 2017), written so that the exponential never overflows.
    func selu() throws -> Self {
        let scale: Float = 1.050_701
        let alpha: Float = 1.673_263_2
        return try relu() * scale + (clamped(upper: 0).exp() - 1) * (scale * alpha)
    }

    fileprivate func averaged(by size: Int) throws -> Self {
        try pooled(.average(countingPadding: false), window: PoolingWindow(kernel: size, stride: size))
    }

    fileprivate func enlarged(height: Int, width: Int) throws -> Self {
        guard shape[2] != height || shape[3] != width else { return self }
        return try resized(height: height, width: width, .bilinear(alignCorners: true))
    }
}
