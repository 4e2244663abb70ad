import CairnNN

/// Keypoints of images as matching networks take them.
///
/// Lists of different lengths share one shape by padding: keypoints that are not valid have no influence on the others.
public struct KeypointSet<T: Tensor> {
    /// Normalised (x, y), `[N, K, 2]`; SuperGlue takes the detector's score as third number, `[N, K, 3]`.
    public let positions: T
    /// `[N, K, D]`.
    public let descriptors: T
    /// 1 for a keypoint, 0 for padding, `[N, K]`; `nil` where all are keypoints.
    public let validity: T?

    /// Wraps the parts.
    public init(positions: T, descriptors: T, validity: T? = nil) {
        self.positions = positions
        self.descriptors = descriptors
        self.validity = validity
    }

    /// Throws `NetworkError` where sizes do not go together.
    func check(coordinates: Int, descriptorSize: Int, layer: String) throws {
        let shape = descriptors.shape
        guard shape.rank == 3, shape[2] == descriptorSize else {
            throw NetworkError.shape(layer: layer, expected: "descriptors [N, K, \(descriptorSize)]", actual: shape)
        }
        guard positions.shape == [shape[0], shape[1], coordinates] else {
            throw NetworkError.shape(
                layer: layer, expected: "positions [\(shape[0]), \(shape[1]), \(coordinates)]", actual: positions.shape)
        }
        if let validity, validity.shape != [shape[0], shape[1]] {
            throw NetworkError.shape(
                layer: layer, expected: "validity [\(shape[0]), \(shape[1])]", actual: validity.shape)
        }
    }
}
