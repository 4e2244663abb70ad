/// How much a pickle may ask for before it is refused. The defaults fit checkpoints and ground truths of millions of objects.
public struct PickleLimits: Sendable, Codable, Equatable {
    /// Containers inside one another.
    public var depth = 100

    /// Instructions executed and objects made, together.
    public var operationCount = 8_000_000

    /// Bytes of text and data copied out of the file. Tensors in files of torch are not copied, so they do not count.
    public var byteCount = 512 << 20

    /// The defaults.
    public init() {}
}

/// What is left of the limits while one file is read.
struct PickleBudget {
    let limits: PickleLimits
    let source: String
    private var operations = 0
    private var bytes = 0

    init(_ limits: PickleLimits, source: String) {
        self.limits = limits
        self.source = source
    }

    mutating func spend(operations count: Int) throws(FormatError) {
        operations += count
        guard operations <= limits.operationCount else {
            throw FormatError(.limitExceeded, "\(source) holds more than \(limits.operationCount) objects")
        }
    }

    mutating func spend(bytes count: Int) throws(FormatError) {
        bytes += count
        guard bytes <= limits.byteCount else {
            throw FormatError(.limitExceeded, "\(source) makes more than \(limits.byteCount) bytes of text and data")
        }
    }
}
