import CairnCore
import CairnNN

/// An image made one vector of length 1: backbone, pooling, head.
///
/// Names of parameters: the backbone's have no prefix, so that a public checkpoint loads as it is; then `pool.p`, where the exponent
/// is learned, and `head.…` as `HeadConfiguration` lists them.
public struct DescriptorNetwork<T: Tensor> {
    /// From images to maps.
    public let backbone: any Backbone<T>
    /// From maps to vectors.
    public let pooling: Pooling<T>
    /// From vectors to descriptors.
    public let head: DescriptorHead<T>

    /// Size of a descriptor.
    public var dimensions: Int { head.dimensions }

    /// Builds the network from its parameters. A classifier's are not asked for.
    ///
    /// - Parameters:
    ///   - parameters: The root of the names.
    ///   - configuration: Backbone, pooling and head.
    ///   - imageSize: What the network will see, where its architecture depends on it.
    /// - Throws: `NetworkError`, or what the parameters' source throws.
    public init(
        _ parameters: Parameters<T>, configuration: DescriptorNetworkConfiguration, imageSize: ImageSize? = nil
    ) throws {
        backbone = try Architecture.named(configuration.architecture)
            .makeBackbone(parameters, classes: nil, imageSize: imageSize)
        pooling = try Pooling(parameters["pool"], configuration: configuration.pooling)
        head = try DescriptorHead(
            parameters["head"], configuration: configuration.head, from: backbone.channels,
            to: configuration.dimensions)
    }

    /// `[N, 3, H, W]`, normalised as the checkpoint wants it, to `[N, D]`, each row of length 1.
    public func callAsFunction(_ image: T) throws -> T { try head(pooling(backbone.features(image))) }
}

extension DescriptorNetworkConfiguration {
    /// The graph depends on the image's size, through the backbone or the pooling, so that each size is a graph of its own.
    ///
    /// Throws `NetworkError` for an unknown architecture.
    public func dependsOnSize() throws -> Bool {
        try pooling.dependsOnSize || Architecture.named(architecture).dependsOnSize
    }
}
