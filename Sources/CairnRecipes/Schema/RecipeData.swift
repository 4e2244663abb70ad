/// The photos that a recipe works on.
public struct RecipeData: Codable, Sendable, Hashable {
    /// How folders and lists are laid out.
    public enum Layout: String, Codable, Sendable, Hashable, YAMLChoice {
        /// Google Landmarks v2: `train`, `index` and `test` in folders three deep, lists in CSV.
        case gldv2
        /// The DIGIX challenge: training labels, `query` and `gallery`.
        case digix
        /// Revisited Oxford or Paris: `gnd_*.pkl` and `jpg`.
        case revisited
        /// Oxford5k or Paris6k with ground truth as text.
        case oxford
        /// UKBench by file name.
        case ukbench
        /// Holidays by file name.
        case holidays
        /// A folder for each class.
        case folders
        /// A list in CSV.
        case csv
    }

    /// A part of the photos by its role.
    public enum Part: String, Codable, Sendable, Hashable, YAMLChoice {
        /// What networks learn from.
        case train
        /// What training is judged by.
        case validation
        /// What is searched.
        case index
        /// What is searched with.
        case test
        /// Photos that show no landmark.
        case nonLandmarks
    }

    /// How folders and lists are laid out.
    public var layout: Layout
    /// What networks learn from.
    public var train: RecipeDataPart?
    /// What training is judged by.
    public var validation: RecipeDataPart?
    /// What is searched.
    public var index: RecipeDataPart?
    /// What is searched with.
    public var test: RecipeDataPart?
    /// Photos that show no landmark.
    public var nonLandmarks: RecipeDataPart?
    /// Which document says so.
    public var source: String

    /// The part of a role.
    public subscript(part: Part) -> RecipeDataPart? {
        switch part {
        case .train: train
        case .validation: validation
        case .index: index
        case .test: test
        case .nonLandmarks: nonLandmarks
        }
    }

    /// The layout of a part.
    public func layout(of part: Part) -> Layout { self[part]?.layout ?? layout }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case layout, train, validation, index, test, nonLandmarks, source
    }
}

extension RecipeData: YAMLDecodable {
    /// Reads the section.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        layout = try fields.required(.layout)
        try fields.read(.train, into: &train)
        try fields.read(.validation, into: &validation)
        try fields.read(.index, into: &index)
        try fields.read(.test, into: &test)
        try fields.read(.nonLandmarks, into: &nonLandmarks)
        source = try fields.required(.source)
    }
}
