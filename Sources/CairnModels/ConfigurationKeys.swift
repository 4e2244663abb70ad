import CairnNN

/// A coding key of any name, to see which keys a document has.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses a document that has a key which `owner` does not know: a typing error must not pass silently.
    func requireOnly<Key: CodingKey & CaseIterable>(_ keys: Key.Type, of owner: String) throws {
        let known = Set(Key.allCases.map(\.stringValue))
        let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard let unknown = found.filter({ !known.contains($0) }).min() else { return }
        throw NetworkError(
            .invalidArgument, "\(owner) has no setting “\(unknown)”; it has \(known.sorted().joined(separator: ", "))")
    }
}
