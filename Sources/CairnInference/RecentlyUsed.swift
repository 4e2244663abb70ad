/// A few values by key, of which the one not used for longest makes room for a new one.
///
/// Meant for tens of entries: finding one takes time linear in their number.
struct RecentlyUsed<Key: Equatable & Sendable, Value: Sendable>: Sendable {
    /// From the least to the most recently used.
    private var entries: [(key: Key, value: Value)] = []

    /// How many values are kept; at least 1.
    let capacity: Int

    init(capacity: Int) {
        precondition(capacity > 0, "a cache for \(capacity) values")
        self.capacity = capacity
    }

    /// The number of values held.
    var count: Int { entries.count }

    /// The keys, from the least to the most recently used.
    var keys: [Key] { entries.map(\.key) }

    /// The value of `key`, made when there is none; it is the most recently used now.
    mutating func value(for key: Key, orMake make: () -> Value) -> Value {
        let value: Value
        if let place = entries.firstIndex(where: { $0.key == key }) {
            value = entries.remove(at: place).value
        } else {
            if entries.count == capacity { entries.removeFirst() }
            value = make()
        }
        entries.append((key, value))
        return value
    }
}
