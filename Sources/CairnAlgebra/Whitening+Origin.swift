import CairnCore

extension Whitening {
    /// What a whitening was learned from, and for what.
    public struct Origin: Sendable, Codable, Equatable {
        /// How it was learned.
        public var method: Method
        /// The digest of the model (with its configuration) whose descriptors it is for.
        public var modelDigest: String
        /// How many descriptors it was learned from.
        public var descriptorCount: Int
        /// How many matching pairs; 0 for `pca`.
        public var pairCount: Int
        /// Whether outputs are brought to unit length.
        public var normalizesOutput: Bool
        /// A person's remark: the data set, the date.
        public var note: String

        /// Makes a record of origin.
        public init(
            method: Method, modelDigest: String, descriptorCount: Int, pairCount: Int = 0,
            normalizesOutput: Bool = true, note: String = ""
        ) {
            self.method = method
            self.modelDigest = modelDigest
            self.descriptorCount = descriptorCount
            self.pairCount = pairCount
            self.normalizesOutput = normalizesOutput
            self.note = note
        }

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case method, modelDigest, descriptorCount, pairCount, normalizesOutput, note
        }

        /// Reads a record; every key is needed, and no other is allowed.
        public init(from decoder: any Decoder) throws {
            try decoder.rejectUnknownKeys(CodingKeys.self, of: "a whitening's record")
            let values = try decoder.container(keyedBy: CodingKeys.self)
            method = try values.decode(Whitening.Method.self, forKey: .method)
            modelDigest = try values.decode(String.self, forKey: .modelDigest)
            descriptorCount = try values.decode(Int.self, forKey: .descriptorCount)
            pairCount = try values.decode(Int.self, forKey: .pairCount)
            normalizesOutput = try values.decode(Bool.self, forKey: .normalizesOutput)
            note = try values.decode(String.self, forKey: .note)
        }
    }
}
