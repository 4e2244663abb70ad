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
        guard record.kind != .local else {
            throw ModelLibraryError(.invalidArgument, "\(name) describes keypoints; whitening is for global models")
        }
        try whitening.requireModel(digest: unwhitenedDigest(of: record))
        let source = folder(of: name)
        let target = newName ?? name
        return try install(target, replacing: newName == nil) { draft in
            if let file = record.file {
                do {
                    try FileManager.default.copyItem(atPath: source + "/" + file, toPath: draft + "/" + file)
                } catch {
                    throw ModelLibraryError(.failure, "\(source)/\(file) cannot be copied: \(Self.reason(error))")
                }
            }
            try whitening.write(to: draft + "/whitening.cairnwhite")
            record.name = target
            record.dimensions = whitening.outputDimensions
            record.whitening = .init(
                method: whitening.origin.method, dimensions: whitening.outputDimensions, digest: whitening.digest,
                descriptorCount: whitening.origin.descriptorCount)
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
