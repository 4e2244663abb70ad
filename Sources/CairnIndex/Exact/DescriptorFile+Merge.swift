import CairnCore

extension DescriptorFile {
    /// Writes the images of several files, less some, into one: the same bytes as writing those images afresh.
    ///
    /// Memory: 16 bytes for each image.
    ///
    /// - Parameters:
    ///   - files: Files of one model, at least one. They may be open elsewhere.
    ///   - removed: Images to leave out. Those in none of the files do not matter.
    ///   - path: Where to write; may be the path of one of the files, which stays readable where it is open.
    /// - Throws: `IndexError` when the files do not belong together, an image that stays is in two of them, or the result
    ///   cannot be written.
    public static func merge(
        _ files: [DescriptorFile], removing removed: Set<ImageID> = [], to path: String
    ) throws(IndexError) {
        defer { withExtendedLifetime(files) {} }
        guard let model = files.first else {
            throw IndexError(.invalidArgument, "there is no descriptor file to merge; give at least one")
        }
        for file in files where file.modelDigest != model.modelDigest || file.dimensions != model.dimensions {
            throw IndexError(.invalidArgument, "\(file.path) and \(model.path) were made with different models")
        }
        var live: [(image: UInt32, file: UInt32, slot: UInt32)] = []
        for (index, file) in files.enumerated() {
            for (slot, image) in file.imageNumbers.enumerated() where !removed.contains(ImageID(image)) {
                live.append((image, UInt32(index), UInt32(slot)))
            }
        }
        live.sort { $0.image < $1.image }
        for (left, right) in zip(live, live.dropFirst()) where left.image == right.image {
            let paths = [left.file, right.file].map { files[Int($0)].path }
            throw IndexError(.conflict, "image \(left.image) is in \(paths[0]) and in \(paths[1])")
        }
        var header = model.header
        header.imageCount = live.count
        var writer = try DescriptorFileWriter(header: header, path: path)
        for entry in live { try writer.append(slot: Int(entry.slot), of: files[Int(entry.file)]) }
        try writer.commit()
    }
}
