/// A way of re-ranking, with its settings: a flat structure whose defaults are those of its paper.
///
/// Methods run one after the other. Each sees the descriptors and the ranking as the one before left them; it may change the
/// gallery's descriptors (in `prepare`, as that does not depend on any query), the queries', or the ranking.
///
/// Its settings are written by their coding keys: `alphaqe:n=50,alpha=5`. What is left out keeps the value of `init()`, so the
/// synthesised `Codable` will do; settings are numbers, booleans or words, none of them optional.
public protocol RerankingMethod: Sendable, Codable, Equatable {
    /// The name in a specification, lower case.
    static var name: String { get }

    /// What it does, in a line.
    static var summary: String { get }

    /// The words that a setting may be, by its key; a word that is free has no entry.
    static var choices: [String: [String]] { get }

    /// Whether it compares photos, and so throws where there is no evidence.
    static var needsPhotos: Bool { get }

    /// The defaults.
    init()

    /// Throws `RerankError` (`invalidArgument`), naming the setting, when it makes no sense.
    func validate() throws

    /// Does what depends on the gallery alone.
    /// `gallery` has at least one row.
    func prepare(_ gallery: RerankingGallery, environment: RerankingEnvironment) async throws -> any PreparedMethod
}

extension RerankingMethod {
    /// No setting is one of a few words.
    public static var choices: [String: [String]] { [:] }

    /// Descriptors will do.
    public static var needsPhotos: Bool { false }

    /// Throws unless a count is at least `least`, and at most a million: more is a slip of the hand.
    func requireCount(_ value: Int, _ setting: String, atLeast least: Int = 1) throws {
        guard (least...1_000_000).contains(value) else {
            throw RerankError(
                .invalidArgument, "“\(setting)” of \(Self.name) is \(value); it must be from \(least) to 1000000")
        }
    }

    /// Throws unless a number is within a range.
    func requireNumber(_ value: Double, _ setting: String, in range: ClosedRange<Double>) throws {
        guard range.contains(value) else {
            throw RerankError(
                .invalidArgument,
                "“\(setting)” of \(Self.name) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}

/// A method that knows its gallery: ready for any number of queries.
public protocol PreparedMethod: Sendable {
    /// The gallery that methods after it see: the one that it was given, or one of the same rows with other descriptors.
    var gallery: RerankingGallery { get }

    /// Changes the queries or the ranking.
    func apply(to state: inout RerankingState) async throws
}

/// What a run may use, and whom it tells.
public struct RerankingEnvironment: Sendable {
    /// Threads to work on.
    public var threads: Int
    /// Told what is under way and how far it is; called from any thread.
    public var progress: (@Sendable (_ step: String, _ done: Int, _ total: Int) -> Void)?

    /// Describes an environment. Traps on less than one thread.
    public init(threads: Int = 1, progress: (@Sendable (_ step: String, _ done: Int, _ total: Int) -> Void)? = nil) {
        precondition(threads >= 1, "\(threads) threads")
        self.threads = threads
        self.progress = progress
    }
}
