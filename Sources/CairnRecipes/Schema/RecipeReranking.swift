import CairnRerank

/// What happens to rankings after the search.
public struct RecipeReranking: Codable, Sendable, Hashable {
    /// One method or preset.
    public struct Step: Codable, Sendable, Hashable {
        /// As in a re-ranking's specification: `alphaqe:n=50,alpha=5`.
        public var method: String
        /// Which document says so.
        public var source: String

        enum CodingKeys: String, CodingKey, CaseIterable { case method, source }
    }

    /// The steps in order.
    public var steps: [Step]
    /// The labelled photos that methods which need labels look at; the index, where it is labelled.
    public var labels: RecipeData.Part?

    /// All steps as one line, which `RerankingSpecification` reads.
    public var specification: String { steps.map(\.method).joined(separator: ";") }

    /// All steps, ready to run. Throws `RerankError` for a line that makes no sense.
    public func pipeline() throws -> RerankingPipeline { try RerankingSpecification.parse(specification) }

    enum CodingKeys: String, CodingKey, CaseIterable { case steps, labels }
}

extension RecipeReranking: YAMLDecodable {
    /// Reads the section; each step must be one that `RerankingSpecification` knows.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        steps = try fields.required(.steps)
        guard !steps.isEmpty else {
            throw fields.error(
                .steps, "there are no steps; list methods such as “alphaqe:n=50,alpha=5”, or leave the section out")
        }
        try fields.read(.labels, into: &labels)
    }
}

extension RecipeReranking.Step: YAMLDecodable {
    /// Reads a step, and parses its method.
    public init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        method = try fields.required(.method)
        do { _ = try RerankingSpecification.parse(method) } catch let error as RerankError {
            throw fields.error(.method, error.message)
        }
        source = try fields.required(.source)
    }
}
