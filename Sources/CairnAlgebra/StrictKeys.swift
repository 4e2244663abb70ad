/// A coding key of any name, to see which keys a document has.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses a document that has a key which `name` does not know: a typing error must not pass silently.
    func requireOnly<Key: CodingKey & CaseIterable>(_ keys: Key.Type, of name: String) throws {
        let known = Set(Key.allCases.map(\.stringValue))
        let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        guard let unknown = found.filter({ !known.contains($0) }).min() else { return }
        throw AlgebraError(
            .invalidArgument, "\(name) has no setting “\(unknown)”; it has \(known.sorted().joined(separator: ", "))")
    }
}
