import CairnAlgebra
import CairnFeatures
import CairnInference
import CairnModels
import Foundation

/// What the library knows of a model: what it is, where it is from, and everything that decides its output.
///
/// Kept as `model.json` in the model's folder.
public struct ModelRecord: Sendable, Codable, Hashable {
    /// The version of this format.
    public static let currentVersion = 1

    /// A model of an ensemble.
    public struct Member: Sendable, Codable, Hashable {
        /// Its name in the library.
        public var name: String
        /// What its descriptor is multiplied by before all are put one behind another.
        public var weight: Double
        /// Its digest when the ensemble was made; another model under the same name is refused.
        public var digest: String

        /// Makes a member.
        public init(name: String, weight: Double, digest: String) {
            self.name = name
            self.weight = weight
            self.digest = digest
        }
    }

    /// A whitening that was learned for the model.
    public struct WhiteningNote: Sendable, Codable, Hashable {
        /// How it was learned.
        public var method: Whitening.Method
        /// Entries of a descriptor after it.
        public var dimensions: Int
        /// Identifies its numbers.
        public var digest: String
        /// How many descriptors it was learned from.
        public var descriptorCount: Int
    }

    /// See `currentVersion`.
    public var version = ModelRecord.currentVersion
    /// The name under which commands know it.
    public var name: String
    /// What it does.
    public var kind: ModelKind
    /// Where the graph comes from; `nil` for an ensemble.
    public var format: ModelFormat?
    /// The file with graph or weights, beside the record; `nil` for an ensemble.
    public var file: String?
    /// SHA-256 of that file.
    public var fileDigest: String?
    /// Size of that file.
    public var fileBytes: Int = 0
    /// One of Cairn's architectures: a backbone such as `resnet50`, a keypoint network such as `aliked-n16`,
    /// or a matcher such as `lightglue-aliked`. `nil` for ONNX.
    public var architecture: String?
    /// Backbone, pooling and head of a checkpoint's global model.
    public var network: DescriptorNetworkConfiguration?
    /// Sizes of DELG's parts, where the checkpoint is one that says them; both of its halves have them.
    public var delg: DELGConfiguration?
    /// How the weights came to be, where the checkpoint says so.
    public var training: ModelDescription.Training?
    /// A common beginning of the checkpoint's names that the architecture does not have.
    public var namePrefix: String?
    /// Whether classifier weights in the checkpoint are passed over.
    public var ignoresHead: Bool = false
    /// The ONNX output that is the descriptor, or the map to be pooled.
    public var output: String?
    /// How an output that is a map becomes one vector.
    public var pooling: PoolingConfiguration?
    /// What is done to the bytes of an image.
    public var preprocessing: ImagePreprocessing?
    /// The side to which photos are reduced, in pixels: the long one, unless `fit` says otherwise.
    public var longSide: Int = 1024
    /// Which side that is; `nil` is the long one.
    public var fit: PhotoFit?
    /// Height and width of the only image that the graph takes; photos are resized to it, their aspect ratio is not kept.
    public var fixedSize: FixedSize?
    /// Sizes at which a photo is looked at.
    public var scales: ScaleSet = .single
    /// How descriptors of several scales become one.
    public var scaleAggregation: ScaleAggregation = .average
    /// How a local model's keypoints are chosen.
    public var keypoints: KeypointConfiguration?
    /// Models of an ensemble, in order.
    public var members: [Member] = []
    /// Entries of a descriptor, after whitening; of a matcher, those of the descriptors it was trained with, 0 where it sees images.
    public var dimensions: Int
    /// Numbers in the weights.
    public var parameterCount: Int = 0
    /// Multiplications with addition for an image of the long side, at 4:3, all sizes of a pyramid included; 0 where unknown.
    public var multiplyAdds: Int = 0
    /// Where the weights come from, in the words of who added them.
    public var origin: String?
    /// Their licence, in the words of who added them.
    public var licence: String?
    /// The whitening that every descriptor goes through.
    public var whitening: WhiteningNote?
    /// When the model was added.
    public var added: Date = Date(timeIntervalSince1970: 0)

    /// Height and width of a graph that takes one size alone.
    public struct FixedSize: Sendable, Codable, Hashable {
        /// Rows.
        public var height: Int
        /// Columns.
        public var width: Int

        /// Sets both.
        public init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }
    }

    /// A record of a model that nothing else is known of.
    public init(name: String, kind: ModelKind, dimensions: Int) {
        self.name = name
        self.kind = kind
        self.dimensions = dimensions
    }

    /// The settings that decide what the model computes, as JSON with sorted keys: all but its name, notes and counts.
    public var configurationJSON: String {
        get throws {
            var deciding = self
            deciding.name = ""
            deciding.file = nil
            deciding.fileBytes = 0
            deciding.parameterCount = 0
            deciding.multiplyAdds = 0
            deciding.origin = nil
            deciding.licence = nil
            deciding.training = nil
            deciding.added = Date(timeIntervalSince1970: 0)
            for index in deciding.members.indices { deciding.members[index].name = "" }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            return String(decoding: try encoder.encode(deciding), as: UTF8.self)
        }
    }

    /// SHA-256 of `configurationJSON`, which has the weights' and the whitening's digests in it.
    public var digest: String {
        get throws { ContentDigest.of(Data(try configurationJSON.utf8)) }
    }

    /// What finds keypoints, or DELG whose global half the model is; `nil` for other models.
    var localFamily: LocalArchitecture.Family? {
        if let delg { return .delg(delg) }
        return architecture.flatMap(LocalArchitecture.family(named:))
    }
}
