import CairnModelLibrary
import Foundation

/// A model as commands print it.
struct ModelListing: Encodable {
    var name: String
    var kind: String
    var architecture: String?
    var pooling: String?
    var head: String?
    var dimensions: Int
    var longSide: Int
    var scales: [Double]
    var parameters: Int
    var multiplyAdds: Int
    var fileBytes: Int
    var fileDigest: String?
    var digest: String
    var origin: String?
    var licence: String?
    var training: ModelDescription.Training?
    var whitening: String?
    var members: [String]
    var preprocessing: String?
    /// As ISO 8601 has it.
    var added: String

    init(_ record: ModelRecord) throws {
        name = record.name
        kind = record.kind.rawValue
        architecture = record.architecture
        pooling = (record.network?.pooling ?? record.pooling)?.kind.rawValue
        head = record.network?.head.kind.rawValue
        dimensions = record.dimensions
        longSide = record.longSide
        scales = record.scales.factors
        parameters = record.parameterCount
        multiplyAdds = record.multiplyAdds
        fileBytes = record.fileBytes
        fileDigest = record.fileDigest
        digest = try record.digest
        origin = record.origin
        licence = record.licence
        training = record.training
        whitening = record.whitening.map { "\($0.method.rawValue), \($0.dimensions) dimensions" }
        members = record.members.map { $0.weight == 1 ? $0.name : "\($0.name) x \($0.weight)" }
        preprocessing = record.preprocessing.map { what in
            func list(_ values: [Float]) -> String { values.map { String($0) }.joined(separator: " ") }
            let statistics = what.mean.isEmpty ? "" : ", mean \(list(what.mean)), deviation \(list(what.deviation))"
            return "\(what.channelOrder.rawValue), \(what.range.rawValue)\(statistics)"
        }
        added = ISO8601DateFormatter().string(from: record.added)
    }

    /// Label and value, for people.
    var rows: [(String, String)] {
        var rows = [("kind", kind)]
        func add(_ label: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append((label, value)) }
        }
        add("architecture", architecture)
        add("members", members.joined(separator: ", "))
        add("pooling", pooling)
        add("head", head)
        add("takes", kind == "matcher" && dimensions == 0 ? "images" : nil)
        add("dimensions", dimensions > 0 ? String(dimensions) : nil)
        if kind != "matcher" { add("long side", "\(longSide) px") }
        if kind == "global" { add("scales", scales.map { String(format: "%.4g", $0) }.joined(separator: ", ")) }
        add("preprocessing", preprocessing)
        add("whitening", whitening)
        add("parameters", parameters > 0 ? String(format: "%.2f million", Double(parameters) / 1e6) : nil)
        add(
            "multiply-adds",
            multiplyAdds > 0
                ? String(format: "%.2f billion for %d x %d", Double(multiplyAdds) / 1e9, longSide, longSide * 3 / 4)
                : nil)
        add("file", fileBytes > 0 ? String(format: "%.1f MB", Double(fileBytes) / 1e6) : nil)
        add("origin", origin)
        add("trained", training?.sentence)
        add("licence", licence)
        add("digest", digest)
        add("file digest", fileDigest)
        add("added", added)
        return rows
    }
}

extension ModelRecord {
    /// The model in a few words.
    var sentence: String {
        let what: String =
            switch kind {
            case .local: "local features of \(dimensions) dimensions"
            case .global: "global descriptors of \(dimensions) dimensions"
            case .matcher: "matches of two photos"
            case .ensemble: "an ensemble of \(members.map(\.name).joined(separator: ", ")), \(dimensions) dimensions"
            }
        let how = [architecture, kind == .global ? (network?.pooling ?? pooling)?.kind.rawValue : nil]
            .compactMap(\.self).joined(separator: ", ")
        return how.isEmpty ? what : "\(what) (\(how))"
    }
}
