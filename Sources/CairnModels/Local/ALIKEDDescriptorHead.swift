import CairnNN

/// ALIKED's sparse deformable descriptor head (section III-B): where to look around a keypoint, then what is seen there.
///
/// In serving it runs in two steps over batches of keypoints, `offsets` and `descriptors`, between which the caller samples the
/// feature map. `callAsFunction` does all of it on a whole feature map, differentiably.
public struct ALIKEDDescriptorHead<T: Tensor> {
    /// Places that are sampled for one descriptor.
    public let samplesPerKeypoint: Int
    private let size: Int
    private let patchConvolution: Conv2d<T>
    private let offsetConvolution: Conv2d<T>
    private let sampleConvolution: Conv2d<T>
    private let aggregation: T

    /// Takes its parameters by name, below `desc_head`. Throws as their source does.
    public init(_ parameters: Parameters<T>, configuration: ALIKEDConfiguration) throws {
        samplesPerKeypoint = configuration.samplesPerKeypoint
        size = configuration.descriptorSize
        let outputs = 2 * samplesPerKeypoint
        patchConvolution = try Conv2d(parameters["offset_conv"][0], from: size, to: outputs, kernel: 3)
        offsetConvolution = try Conv2d(parameters["offset_conv"][2], from: outputs, to: outputs, kernel: 1)
        sampleConvolution = try Conv2d(parameters["sf_conv"], from: size, to: size, kernel: 1, bias: false)
        aggregation = try parameters("agg_weights", [samplesPerKeypoint, size, size], .xavierUniform)
    }

    /// Where to look: the 3 x 3 pixels around each keypoint, `[K, D, 3, 3]`, to (dx, dy) in pixels, `[K, M, 2]`.
    ///
    /// The caller keeps them within a quarter of the map's longer side. Throws `NetworkError` on another shape.
    public func offsets(patches: T) throws -> T {
        try offsetConvolution(patchConvolution(patches).selu())
            .reshaped([patches.shape[0], 2, samplesPerKeypoint])
            .permuted([0, 2, 1])
    }

    /// What is seen: feature vectors at those places, `[K, M, D]`, to descriptors of unit length, `[K, D]`.
    public func descriptors(samples: T) throws -> T {
        guard samples.shape.rank == 3, samples.shape[1] == samplesPerKeypoint, samples.shape[2] == size else {
            throw NetworkError.shape(
                layer: "desc_head", expected: "[K, \(samplesPerKeypoint), \(size)]", actual: samples.shape)
        }
        let kernel = try sampleConvolution.weight.reshaped([size, size]).transposed()
        let seen = try samples.matrixProduct(with: kernel).selu()
        return try seen.reshaped([samples.shape[0], samplesPerKeypoint * size])
            .matrixProduct(with: aggregation.reshaped([samplesPerKeypoint * size, size]))
            .l2Normalized(axis: 1)
    }

    /// Descriptors `[K, D]` of keypoints on one image's feature map `[1, D, H, W]`.
    ///
    /// - Parameters:
    ///   - featureMap: As `ALIKED.featureMap` gives it.
    ///   - keypoints: (x, y) in pixels from the first pixel's centre, `[K, 2]`.
    public func callAsFunction(_ featureMap: T, keypoints: T) throws -> T {
        let (count, height, width) = (keypoints.shape[0], featureMap.shape[2], featureMap.shape[3])
        let unit = try featureMap.constant([2 / Float(width - 1), 2 / Float(height - 1)], shape: [1, 1, 1, 2])
        func sampled(_ places: T) throws -> T {
            try featureMap.sampled(at: places.expanded(at: 0) * unit - 1, alignCorners: true)
        }
        // The patch is the one of the pixel that the keypoint lies in, and stays within the map.
        let upper = try featureMap.constant([Float(width - 4), Float(height - 4)], shape: [1, 2])
        let corner = try (keypoints.detached().mapped(.floor) - 1).clamped(lower: 0).combined(.minimum, with: upper)
        let cells = try featureMap.constant((0..<9).flatMap { [Float($0 % 3), Float($0 / 3)] }, shape: [1, 9, 2])
        let patches = try sampled(corner.expanded(at: 1) + cells)
            .reshaped([size, count, 3, 3]).permuted([1, 0, 2, 3])

        let reach = Float(max(height, width)) / 4
        let moved = try offsets(patches: patches).clamped(lower: -reach, upper: reach)
        let samples = try sampled(keypoints.expanded(at: 1) + moved)
            .reshaped([size, count, samplesPerKeypoint]).permuted([1, 2, 0])
        return try descriptors(samples: samples)
    }
}
