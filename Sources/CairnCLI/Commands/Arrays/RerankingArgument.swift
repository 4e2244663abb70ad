import CairnRerank
import CairnTerminal
import Foundation

/// What `--rerank` takes: methods in a line, a preset's name, or `@` and a JSON file.
enum RerankingArgument {
    /// The methods. Throws `RerankError` for what cannot be read, and `CommandError` where the file cannot.
    static func pipeline(_ argument: String) throws -> RerankingPipeline {
        guard argument.hasPrefix("@") else { return try RerankingSpecification.parse(argument) }
        let path = String(argument.dropFirst())
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(
                kind: .notFound, message: "\(path) cannot be read; name a JSON file of methods after the @")
        }
        return try RerankingSpecification.parse(json: data)
    }

    /// The methods as a line.
    static func specification(_ argument: String) throws -> String {
        RerankingSpecification.text(of: try pipeline(argument))
    }
}
