import CairnNN
import Foundation

/// What a network asks its checkpoint for, beside what a peer's state dict has; the peer's is written by
/// `Scripts/parity/parameter_names.py`.
struct ParameterNames: Codable, Equatable {
    /// Learned numbers, without running statistics.
    var parameterCount: Int
    /// Names, with running statistics.
    var names: Int
    /// 64-bit FNV-1a hash of the lines `name [2, 3]` of all of them, sorted.
    var digest: String

    /// What was asked of a source.
    init(_ specs: [ParameterSpec]) {
        parameterCount = specs.filter { $0.role != .buffer }.map(\.shape.elementCount).reduce(0, +)
        names = specs.count
        let lines = specs.map { "\($0.name) \($0.shape)\n" }.sorted()
        let hash = lines.joined().utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        digest = String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A peer's names of a family, `Fixtures/<family>-names.json`, by network.
    static func committed(_ family: String) throws -> [String: ParameterNames] {
        guard let url = Bundle.module.url(forResource: "Fixtures/\(family)-names", withExtension: "json") else {
            throw NetworkError(.notFound, "no names Fixtures/\(family)-names.json")
        }
        return try JSONDecoder().decode([String: ParameterNames].self, from: Data(contentsOf: url))
    }
}
