import CairnNN

/// A 3 x 3 convolution whose taps move: offsets are predicted for each pixel, and the map is sampled there.
///
/// Dai et al., "Deformable Convolutional Networks", ICCV 2017, equation 2. Parameters: `offset_conv`, which gives (dy, dx) for
/// each tap, and `regular_conv.weight`. One bilinear sampling for all taps and a 1 x 1 convolution over taps and channels: the
/// sum is the same, and any backend that samples can run and differentiate it. Offsets reach a quarter of the longer side.
struct DeformableConv2d<T: Tensor> {
    private let offsetConvolution: Conv2d<T>
    private let weight: T
    private let name: String

    init(_ parameters: Parameters<T>, from inputs: Int, to outputs: Int) throws {
        name = parameters.path
        offsetConvolution = try Conv2d(
            parameters["offset_conv"], from: inputs, to: 18, kernel: 3, padding: 1, initializer: .constant(0))
        weight = try parameters["regular_conv"]("weight", [outputs, inputs, 3, 3], .kaimingNormalFanOut)
    }

    /// `[N, inputs, H, W]` to `[N, outputs, H, W]`. Throws `NetworkError` with this layer's name.
    func callAsFunction(_ x: T) throws -> T {
        let (batch, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let reach = Float(max(height, width)) / 4
        let offsets = try offsetConvolution(x).clamped(lower: -reach, upper: reach)
        return try Layer.located(name) {
            // [N, 9, (dy, dx), H, W] to [N, 9, H W, (dx, dy)], which is how grids are written.
            let moved = try offsets.reshaped([batch, 9, 2, height * width]).permuted([0, 1, 3, 2])
            let shift = try moved.sliced(axis: 3, 1..<2).concatenated(with: [moved.sliced(axis: 3, 0..<1)], axis: 3)
            let still = try x.constant(Self.taps(height: height, width: width), shape: [1, 9, height * width, 2])
            let unit = try x.constant([Self.unit(width), Self.unit(height)], shape: [1, 1, 1, 2])
            let samples = try x.sampled(at: (shift + still) * unit - 1, alignCorners: true)
            let kernel = try weight.reshaped([weight.shape[0], channels * 9, 1, 1])
            return try samples.reshaped([batch, channels * 9, height, width])
                .convolved(weight: kernel, bias: nil, window: ConvolutionWindow())
        }
    }

    /// A pixel in units of a grid that runs from -1 to 1 between the centres of the outer pixels.
    private static func unit(_ size: Int) -> Float { 2 / Float(max(size - 1, 1)) }

    /// (x, y) of every tap, by tap and pixel, before it moves.
    private static func taps(height: Int, width: Int) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(18 * height * width)
        for row in -1...1 {
            for column in -1...1 {
                for y in 0..<height {
                    for x in 0..<width {
                        result.append(Float(x + column))
                        result.append(Float(y + row))
                    }
                }
            }
        }
        return result
    }
}
