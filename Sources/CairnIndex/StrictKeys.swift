/// A coding key of any name, to see which keys a document has.
struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Throws when the document has a key that the configuration `name` does not know: a typing error must not pass
    /// silently.
    func requireOnly<Key: CodingKey & CaseIterable>(_ keys: Key.Type, of name: String) throws {
        let known = Set(Key.allCases.map(\.stringValue))
        for key in try container(keyedBy: AnyKey.self).allKeys where !known.contains(key.stringValue) {
            let names = known.sorted().joined(separator: ", ")
            throw IndexError(.invalidArgument, "\(name) has no setting “\(key.stringValue)”; it has \(names)")
        }
    }
}
