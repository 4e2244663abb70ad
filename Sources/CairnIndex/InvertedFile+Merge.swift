import CairnCore

extension InvertedFile {
    /// Writes the images of several files, less some, into one: the same bytes as writing those images afresh.
    ///
    /// Goes word by word. Memory: 16 bytes for each image, and 16 for each posting of the longest list.
    ///
    /// - Parameters:
    ///   - files: Files of one vocabulary and one scoring method, at least one. They may be open elsewhere.
    ///   - removed: Images to leave out. Those in none of the files do not matter.
    ///   - path: Where to write; may be the path of one of the files, which stays readable where it is open.
    /// - Throws: `IndexError` when the files do not belong together, an image that stays is in two of them, a file is
    ///   damaged, or the result cannot be written.
    public static func merge(
        _ files: [InvertedFile], removing removed: Set<ImageID> = [], to path: String
    ) throws(IndexError) {
        defer { withExtendedLifetime(files) {} }
        guard let model = files.first else {
            throw IndexError(.invalidArgument, "there is no inverted file to merge; give at least one")
        }
        for file in files {
            guard file.scoring == model.scoring, file.vocabularyFingerprint == model.vocabularyFingerprint,
                file.wordCount == model.wordCount, file.header.codeBytes == model.header.codeBytes
            else {
                throw IndexError(
                    .invalidArgument, "\(file.path) and \(model.path) have different vocabularies or scoring methods")
            }
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
        header.postingCount = live.reduce(0) { $0 + files[Int($1.file)].forwardRange(of: Int($1.slot)).count }
        var newSlots = files.map { [UInt32](repeating: .max, count: $0.count) }
        var writer = try InvertedFileWriter(header: header, path: path)
        for (newSlot, entry) in live.enumerated() {
            newSlots[Int(entry.file)][Int(entry.slot)] = UInt32(newSlot)
            let file = files[Int(entry.file)]
            try writer.append(image: entry.image, forward: file.forwardBytes(file.forwardRange(of: Int(entry.slot))))
        }
        live = []

        var list: [Posting] = []
        var written = 0
        for word in 0..<header.wordCount {
            list.removeAll(keepingCapacity: true)
            for (index, file) in files.enumerated() {
                for position in file.list(of: word) {
                    let slot = Int(file.slots[position])
                    guard slot < file.count else {
                        throw IndexError.corrupted(
                            file.path, "the list of word \(word) has an image that does not exist")
                    }
                    let newSlot = newSlots[index][slot]
                    if newSlot != .max { list.append(Posting(slot: newSlot, file: UInt32(index), position: position)) }
                }
            }
            // Sorted already when the files' images do not interleave.
            if zip(list, list.dropFirst()).contains(where: { $1 < $0 }) { list.sort() }
            written += list.count
            guard written <= header.postingCount else { break }
            for posting in list {
                try writer.append(slot: posting.slot, code: files[Int(posting.file)].code(at: posting.position))
            }
            try writer.endList()
        }
        guard written == header.postingCount else {
            let paths = files.map(\.path).joined(separator: ", ")
            throw IndexError.corrupted(paths, "the lists do not match the images' words")
        }
        try writer.commit()
    }

    private struct Posting: Comparable {
        var slot: UInt32
        var file: UInt32
        var position: Int

        static func < (left: Posting, right: Posting) -> Bool {
            (left.slot, left.position) < (right.slot, right.position)
        }
    }
}
