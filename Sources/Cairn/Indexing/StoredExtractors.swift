import CairnCore
import CairnFeatures
import CairnIndex
import Crypto
import Foundation

/// What a collection records of a local extractor other than RootSIFT, beside it how its features are indexed.
struct StoredLocalConfiguration: Codable, Sendable, Hashable {
    var version = 1
    /// The extractor's own name, digest and settings.
    var name: String
    var digest: String
    var configuration: String
    var index: InvertedIndexConfiguration
}

/// The way from extractors to what a collection records of them, and back.
///
/// A local extractor's digest covers the vocabulary too, for it decides what is stored as much as the extractor does. RootSIFT
/// is recorded as a `LocalFeatureConfiguration`, as it was before there were others.
enum StoredExtractors {
    /// Records of a set; the vocabulary is that of the local features, `nil` where there are none.
    static func records(of extractors: ExtractorSet, vocabulary: Vocabulary?) throws -> [ExtractorRecord] {
        var records: [ExtractorRecord] = []
        if let local = extractors.local {
            let configuration = try configurationJSON(of: local, index: extractors.index)
            var hash = SHA256()
            hash.update(data: Data(configuration.utf8))
            hash.update(data: Data((vocabulary.map { String($0.fingerprint, radix: 16) } ?? "").utf8))
            records.append(
                ExtractorRecord(
                    name: local.name, kind: .local, dimensions: local.dimensions,
                    digest: hash.finalize().map { String(format: "%02x", $0) }.joined(),
                    configurationJSON: configuration))
        }
        return records + extractors.globals.map { ExtractorRecord($0) }
    }

    /// Makes the extractors again that a collection records.
    static func make(
        _ records: [ExtractorRecord], provider: any ExtractorProvider, at path: String
    ) throws -> ExtractorSet {
        var local: (any LocalFeatureExtractor)?
        var index = InvertedIndexConfiguration.asmk
        var globals: [any GlobalDescriptorExtractor] = []
        for record in records {
            switch record.kind {
            case .local where record.name == RootSIFTExtractor.name:
                let configuration = try decode(LocalFeatureConfiguration.self, record, at: path)
                local = RootSIFTExtractor(configuration: configuration.sift)
                index = configuration.index
            case .local:
                let stored = try decode(StoredLocalConfiguration.self, record, at: path)
                let own = ExtractorRecord(
                    name: stored.name, kind: .local, dimensions: record.dimensions, digest: stored.digest,
                    configurationJSON: stored.configuration)
                let made = try provider.localExtractor(for: own)
                try require(ExtractorRecord(made), is: own, at: path)
                local = made
                index = stored.index
            case .global:
                let made = try provider.globalExtractor(for: record)
                try require(ExtractorRecord(made), is: record, at: path)
                globals.append(made)
            }
        }
        return try ExtractorSet(local: local, globals: globals, index: index)
    }

    private static func configurationJSON(
        of local: any LocalFeatureExtractor, index: InvertedIndexConfiguration
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data =
            if let rootSIFT = local as? RootSIFTExtractor {
                try encoder.encode(LocalFeatureConfiguration(sift: rootSIFT.configuration, index: index))
            } else {
                try encoder.encode(
                    StoredLocalConfiguration(
                        name: local.name, digest: local.digest, configuration: local.configurationJSON, index: index))
            }
        return String(decoding: data, as: UTF8.self)
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ record: ExtractorRecord, at path: String
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(record.configurationJSON.utf8))
        } catch {
            throw CollectionError(
                .unsupported,
                "the collection at \(path) has settings of \(record.name) that this version does not know", cause: error
            )
        }
    }

    private static func require(_ made: ExtractorRecord, is stored: ExtractorRecord, at path: String) throws {
        guard made.digest != stored.digest || made.dimensions != stored.dimensions else { return }
        throw CollectionError(
            .unsupported,
            "the collection at \(path) was made with the model \(stored.name) of digest \(stored.digest), and the one of that name is \(made.digest) now; add the old one again, or index into a new collection"
        )
    }
}
