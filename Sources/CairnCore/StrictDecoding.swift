/// A document had a setting that its reader does not know.
public struct UnknownSettingError: CairnError {
    /// A typing error in what a caller wrote.
    public var kind: ErrorKind { .invalidArgument }
    /// Names the setting, and those that there are.
    public let message: String
    /// Nothing.
    public var cause: (any Error)? { nil }
}

extension Decoder {
    /// Throws `UnknownSettingError` when the document has a key that `name` does not know: a typing error must not pass
    /// silently.
    public func rejectUnknownKeys<Key: CodingKey & CaseIterable>(_ keys: Key.Type, of name: String) throws {
        let known = Set(Key.allCases.map(\.stringValue))
        let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard let unknown = found.filter({ !known.contains($0) }).min() else { return }
        throw UnknownSettingError(
            message: "\(name) has no setting “\(unknown)”; it has \(known.sorted().joined(separator: ", "))")
    }
}

/// A coding key of any name, to see which keys a document has.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}
