import CFeatures2D
import CairnCore
import CairnImaging

/// The Gaussian scale space of one image (Lowe, IJCV 2004, section 3): octaves of `layers + 3` levels each.
///
/// The memory is the larger part of an extraction's cost, so one scale space is reused from image to image. Of an image of
/// w x h pixels it takes about `w * h * 4 * 1.33 * (layers + 3) * 4` bytes when the image is doubled: 100 MB at 1,024 x 768.
final class ScaleSpace {
    /// One octave: `levels` planes of `height` rows, `stride` floats apart.
    struct Octave {
        let width: Int
        let height: Int
        let stride: Int
        /// Image pixels in one sample.
        let pixelsPerSample: Float
        /// First float of level 0; level i is `i * stride * height` floats further.
        let base: UnsafeMutablePointer<Float>

        /// First float of a level.
        func level(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * stride * height }
    }

    private(set) var octaves: [Octave] = []
    private let configuration: SIFTConfiguration
    private let kernels: [[Float]]
    private var storage = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)
    private var scratch = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

    init(configuration: SIFTConfiguration) {
        self.configuration = configuration
        let layers = configuration.layersPerOctave
        let sigma = configuration.sigma
        let camera = configuration.cameraSigma * (configuration.doublesImage ? 2 : 1)
        var sigmas = [max(sigma * sigma - camera * camera, 0.01).squareRoot()]
        for level in 1..<(layers + 3) {
            // Blurs add up in squares: from σ k^(i-1) to σ k^i.
            let previous = sigma * exp2Float(Float(level - 1) / Float(layers))
            let next = sigma * exp2Float(Float(level) / Float(layers))
            sigmas.append((next * next - previous * previous).squareRoot())
        }
        kernels = sigmas.map(Self.kernel)
    }

    deinit {
        storage.deallocate()
        scratch.deallocate()
    }

    /// Half of a Gaussian kernel that sums to one, centre first, out to four standard deviations.
    private static func kernel(sigma: Float) -> [Float] {
        let radius = max(1, Int((4 * sigma).rounded()))
        let weights = (0...radius).map { expFloat(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// Builds the octaves of an image, replacing what was there.
    func build(from image: GrayImage) {
        let levels = configuration.layersPerOctave + 3
        let doubling = configuration.doublesImage ? 2 : 1
        var shapes: [(width: Int, height: Int, stride: Int)] = []
        var (width, height) = (image.width * doubling, image.height * doubling)
        // An octave smaller than this holds nothing that survives the border.
        while min(width, height) >= 16 {
            shapes.append((width, height, (width + lanes - 1) / lanes * lanes))
            (width, height) = (width / 2, height / 2)
        }
        guard let first = shapes.first else {
            octaves = []
            return
        }
        reserve(
            floats: shapes.reduce(0) { $0 + $1.stride * $1.height * levels } + first.stride * first.height,
            scratchFloats: first.stride + 2 * 64 + 4 * lanes)

        var next = storage.baseAddress.unsafelyUnwrapped
        let unblurred = next
        next += first.stride * first.height
        octaves = shapes.enumerated().map { index, shape in
            defer { next += shape.stride * shape.height * levels }
            return Octave(
                width: shape.width, height: shape.height, stride: shape.stride,
                pixelsPerSample: exp2Float(Float(index)) / Float(doubling), base: next)
        }

        image.pixels.withUnsafeBufferPointer { pixels in
            if configuration.doublesImage {
                cairn_double_u8(pixels.baseAddress, image.width, image.height, unblurred, first.stride)
            } else {
                cairn_widen_u8(pixels.baseAddress, image.width, image.height, unblurred, first.stride)
            }
        }
        for (index, octave) in octaves.enumerated() {
            if index == 0 {
                blur(unblurred, into: octave.level(0), octave, kernels[0])
            } else {
                // The level that has twice the first level's σ, at half the samples, starts the next octave.
                let previous = octaves[index - 1]
                cairn_halve(
                    previous.level(configuration.layersPerOctave), previous.stride, octave.level(0), octave.width,
                    octave.height, octave.stride)
            }
            for level in 1..<levels {
                blur(octave.level(level - 1), into: octave.level(level), octave, kernels[level])
            }
        }
    }

    private func blur(
        _ source: UnsafeMutablePointer<Float>, into target: UnsafeMutablePointer<Float>, _ octave: Octave,
        _ kernel: [Float]
    ) {
        kernel.withUnsafeBufferPointer {
            cairn_gaussian_blur(
                source, target, octave.width, octave.height, octave.stride, $0.baseAddress, $0.count - 1,
                scratch.baseAddress)
        }
    }

    private func reserve(floats: Int, scratchFloats: Int) {
        // A margin, because kernels may load a few floats past the last row.
        if storage.count < floats + 4 * lanes {
            storage.deallocate()
            storage = .allocate(capacity: floats + 4 * lanes)
            storage.initialize(repeating: 0)
        }
        if scratch.count < scratchFloats {
            scratch.deallocate()
            scratch = .allocate(capacity: scratchFloats)
            scratch.initialize(repeating: 0)
        }
    }

    private var lanes: Int { Int(CAIRN_LANES) }
}
