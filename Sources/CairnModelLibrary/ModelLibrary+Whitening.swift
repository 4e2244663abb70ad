import CairnAlgebra
import Foundation

extension ModelLibrary {
    /// Gives a model a whitening, which every descriptor then goes through; the model's digest becomes another.
    ///
    /// - Parameters:
    ///   - whitening: Learned from the model's descriptors as they were before any whitening.
    ///   - name: The model.
    ///   - newName: A name for the whitened model, beside the unwhitened one; `nil` changes the model itself.
    public func setWhitening(_ whitening: Whitening, of name: String, as newName: String? = nil) throws -> ModelRecord {
        var record = try record(named: name)
        guard record.kind == .global || record.kind == .ensemble else {
            throw ModelLibraryError(.invalidArgument, "\(name) \(record.kind.deed); whitening is for global models")
        }
        try whitening.requireModel(digest: unwhitenedDigest(of: record))
        let source = folder(of: name)
        let file = whiteningFile(digest: whitening.digest)
        let previous = record.whitening.map { whiteningFile(digest: $0.digest) }
        record.dimensions = whitening.outputDimensions
        record.whitening = .init(
            method: whitening.origin.method, dimensions: whitening.outputDimensions, digest: whitening.digest,
            descriptorCount: whitening.origin.descriptorCount)
        guard let newName else {
            try whitening.write(to: source + "/" + file)
            try write(record, to: recordPath(of: name))
            if let previous, previous != file { try? FileManager.default.removeItem(atPath: source + "/" + previous) }
            return record
        }
        record.name = newName
        return try install(newName) { [record] draft in
            if let weights = record.file {
                do {
                    try FileManager.default.copyItem(atPath: source + "/" + weights, toPath: draft + "/" + weights)
                } catch {
                    throw ModelLibraryError.unwritable("\(source)/\(weights) cannot be copied", error)
                }
            }
            try whitening.write(to: draft + "/" + file)
            return record
        }
    }

    /// The digest of a model without its whitening: what a whitening is learned for.
    public func unwhitenedDigest(of record: ModelRecord) throws -> String {
        var bare = record
        bare.whitening = nil
        bare.dimensions = 0
        return try bare.digest
    }
}
