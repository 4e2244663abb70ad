import Crypto

/// An affine map learned from descriptors, applied to every descriptor of one model: `y = P (x - m)`, then unit length.
///
/// Made by `PCAWhitening` or `LearnedWhitening`, or read from a file. The rows of `P` are ordered from most to least
/// variance, so dropping the last ones reduces dimensions (`truncated(to:)`). Each row's largest component is positive.
public struct Whitening: Sendable, Equatable {
    /// How a whitening was learned.
    public enum Method: String, Sendable, Codable, CaseIterable {
        /// Principal components, scaled by a power of their variance; needs no labels.
        case pca
        /// Learned from matching pairs (Radenović, Tolias and Chum 2018, section 3.4).
        case learned
    }

    /// What is subtracted first; `inputDimensions` numbers.
    public let mean: [Float]

    /// The projection `P`: `[outputDimensions, inputDimensions]`.
    public let projection: DescriptorMatrix

    /// Where it comes from. Of this only `modelDigest` and `normalizesOutput` are part of `digest`.
    public let origin: Origin

    /// The length of a descriptor before.
    public var inputDimensions: Int { projection.dimensions }

    /// The length of a descriptor after.
    public var outputDimensions: Int { projection.count }

    /// Puts together a mean and a projection.
    ///
    /// - Throws: `AlgebraError` when sizes disagree, or a number is not finite.
    public init(mean: [Float], projection: DescriptorMatrix, origin: Origin) throws(AlgebraError) {
        guard mean.count == projection.dimensions else {
            throw AlgebraError.dimensions("the mean", expected: projection.dimensions, found: mean.count)
        }
        guard (1...DescriptorMatrix.maximumDimensions).contains(projection.count) else {
            throw AlgebraError(.invalidArgument, "a projection cannot have \(projection.count) rows")
        }
        try projection.requireFinite("the projection")
        guard mean.allSatisfy(\.isFinite) else {
            throw AlgebraError(.invalidInput, "the mean holds numbers that are not finite; learn the whitening again")
        }
        self.mean = mean
        self.projection = projection
        self.origin = origin
    }

    /// SHA-256, in hexadecimal, of all that decides an output: sizes, numbers, normalisation, and the model it is for.
    ///
    /// Two whitenings with equal digests give equal descriptors, whoever made them and whatever their notes say.
    public var digest: String {
        var hash = SHA256()
        hash.update(data: Array("cairn-whitening-1\n\(origin.normalizesOutput)\n\(origin.modelDigest)\n".utf8))
        hash.update(data: payload)
        return hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }

    /// The same whitening, keeping the first `dimensions` outputs.
    ///
    /// - Throws: `AlgebraError` (`invalidArgument`) for more dimensions than there are, or none.
    public func truncated(to dimensions: Int) throws(AlgebraError) -> Whitening {
        guard (1...outputDimensions).contains(dimensions) else {
            throw AlgebraError(
                .invalidArgument, "this whitening has \(outputDimensions) dimensions and cannot be cut to \(dimensions)"
            )
        }
        return try Whitening(mean: mean, projection: projection.rows(at: 0..<dimensions), origin: origin)
    }

    /// Refuses descriptors of another model.
    ///
    /// - Throws: `AlgebraError` (`conflict`) when `digest` is not the digest of the model this was learned for.
    public func requireModel(digest: String) throws(AlgebraError) {
        guard digest == origin.modelDigest else {
            throw AlgebraError(
                .conflict,
                "this whitening was learned for model \(origin.modelDigest), not \(digest); learn one for this model")
        }
    }

    /// Whitens one descriptor; `2 * inputDimensions * outputDimensions` operations in float32.
    ///
    /// Equals its row in a batch up to rounding (about 1e-7), not bit for bit.
    ///
    /// - Throws: `AlgebraError` for another length, a number that is not finite, or a descriptor that projects to zero.
    public func apply(to descriptor: [Float]) throws(AlgebraError) -> [Float] {
        guard descriptor.count == inputDimensions else {
            throw AlgebraError.dimensions("the descriptor", expected: inputDimensions, found: descriptor.count)
        }
        return try apply(to: DescriptorMatrix(values: descriptor, dimensions: inputDimensions)).values
    }

    /// Whitens every row: `[count, inputDimensions]` to `[count, outputDimensions]`, one SGEMM for each 1,024 rows.
    ///
    /// - Throws: `AlgebraError` naming the first row that is not finite, or that projects to zero; or for rows of another
    ///   length.
    public func apply(to descriptors: DescriptorMatrix) throws(AlgebraError) -> DescriptorMatrix {
        guard descriptors.dimensions == inputDimensions else {
            throw AlgebraError.dimensions("the descriptors", expected: inputDimensions, found: descriptors.dimensions)
        }
        try descriptors.requireFinite("the descriptors")
        var result = DescriptorMatrix(zeros: descriptors.count, dimensions: outputDimensions)
        let (width, height) = (inputDimensions, outputDimensions)
        let blockRows = min(1024, descriptors.count)
        var centred = [Float](repeating: 0, count: blockRows * width)
        for start in stride(from: 0, to: descriptors.count, by: max(1, blockRows)) {
            let rows = min(blockRows, descriptors.count - start)
            centred.withUnsafeMutableBufferPointer { block in
                descriptors.values.withUnsafeBufferPointer { source in
                    for row in 0..<rows {
                        for column in 0..<width {
                            block[row * width + column] = source[(start + row) * width + column] - mean[column]
                        }
                    }
                }
                projection.values.withUnsafeBufferPointer { projection in
                    result.values.withUnsafeMutableBufferPointer { target in
                        multiplyByTranspose(
                            UnsafeBufferPointer(rebasing: block[..<(rows * width)]), projection,
                            into: UnsafeMutableBufferPointer(
                                rebasing: target[start * height..<(start + rows) * height]),
                            dimensions: width)
                    }
                }
            }
        }
        guard origin.normalizesOutput else { return result }
        if let row = result.normalizeRows().first { throw AlgebraError.noDirection("whitened row \(row)") }
        return result
    }
}
