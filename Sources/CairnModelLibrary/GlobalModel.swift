import CairnAlgebra
import CairnCore
import CairnFeatures
import CairnImaging
import CairnInference
import CairnModels
import Foundation

/// A global model of the library, ready to describe photos. Any number of threads may use it.
public final class GlobalModel: GlobalDescriptorExtractor {
    /// The least side of an image that a network sees, in pixels: below it convolutions run out of map.
    static let minimumSide = 96

    /// What the library knows of it.
    public let record: ModelRecord
    /// The name under which commands know it.
    public let name: String
    /// Identifies weights, settings and whitening.
    public let digest: String
    /// The settings behind the digest.
    public let configurationJSON: String
    /// Entries of a descriptor, after whitening.
    public var dimensions: Int { record.dimensions }
    /// Colour, at the largest of its sizes.
    public let input: ExtractionInput

    /// What makes a descriptor of an image.
    enum Source: Sendable {
        case network(any GlobalNetwork)
        case ensemble(EnsembleNetwork)
    }

    private let source: Source
    private let whitening: Whitening?

    init(record: ModelRecord, source: Source, whitening: Whitening?) throws {
        self.record = record
        self.source = source
        self.whitening = whitening
        name = record.name
        configurationJSON = try record.configurationJSON
        digest = try record.digest
        let longSide: Int =
            switch source {
            case .ensemble(let ensemble): ensemble.longSide
            case .network:
                if let fixed = record.fixedSize {
                    // Twice the size, so that what is resized to it without its aspect ratio has the pixels for it.
                    2 * max(fixed.width, fixed.height)
                } else {
                    Int(
                        (Double((record.fit ?? .longSide).decodedLongSide(record.longSide))
                            * max(1, record.scales.factors.max() ?? 1)).rounded())
                }
            }
        input = ExtractionInput(channels: .rgb, longSide: max(1, longSide))
    }

    /// The photo's descriptor, whitened where the model has a whitening.
    public func descriptor(of photo: ExtractionPhoto) throws -> [Float] {
        let raw = try unwhitened(photo)
        return try whitening?.apply(to: raw) ?? raw
    }

    /// The descriptor before whitening: what a whitening is learned from.
    public func unwhitened(_ photo: ExtractionPhoto) throws -> [Float] {
        let network: any GlobalNetwork
        switch source {
        case .ensemble(let ensemble): return try ensemble.descriptor(of: photo)
        case .network(let single): network = single
        }
        let image = try photo.rgb(longSide: input.longSide)
        let descriptors = try sizes(for: image.size).map { size in
            try network.descriptor(of: size == image.size ? image : image.resized(to: size))
        }
        guard descriptors.count > 1 else { return descriptors[0] }
        return try record.scaleAggregation.aggregate(descriptors)
    }

    /// The sizes at which a photo is looked at: its aspect ratio kept, unless the graph takes one size alone or the model squares.
    ///
    /// Scales are of the photo at the record's size. A larger photo is reduced from its own pixels for each of them, where
    /// the reference code enlarges the reduced one.
    func sizes(for size: ImageSize) -> [ImageSize] {
        if let fixed = record.fixedSize { return [ImageSize(width: fixed.width, height: fixed.height)] }
        let base = (record.fit ?? .longSide).base(size, side: record.longSide)
        return record.scales.factors.map { factor in
            func side(_ pixels: Double) -> Int { max(Self.minimumSide, Int((pixels * factor).rounded())) }
            return ImageSize(width: side(base.width), height: side(base.height))
        }
    }
}

/// From an image of any size to a vector of unit length.
protocol GlobalNetwork: Sendable {
    func descriptor(of image: RGBImage) throws -> [Float]
}
