import CairnCore

/// Descriptor files and the images removed from them: exact nearest-neighbour search by inner product.
///
/// Results are those of comparing the query with every 32-bit vector, to the last bit; how they come about is told at
/// `search`. The index never changes; adding a file or removing an image makes a new one. Results do not depend on how
/// images are spread over files, and a removed image leaves no trace.
public struct ExactIndex: Sendable {
    /// Values of a descriptor.
    public let dimensions: Int

    /// The SHA-256 of what the descriptors were made with.
    public let modelDigest: [UInt8]

    /// The number of images that can be found.
    public let count: Int

    /// A file with the images that are no longer to be found.
    struct Part: Sendable {
        var file: DescriptorFile
        var removed: Set<UInt32>
    }

    let parts: [Part]

    /// Puts files together. Linear in the number of images where files' numbers interleave, else in that of files.
    ///
    /// - Parameters:
    ///   - files: The files, in any order. None at all is allowed.
    ///   - removed: Images no longer to be found. Those in none of the files do not matter.
    ///   - dimensions: Values of a descriptor.
    ///   - modelDigest: The SHA-256 of what the descriptors were made with.
    /// - Throws: `IndexError` when a file was made with another model, or two files have the same image.
    public init(
        files: [DescriptorFile], removed: Set<ImageID> = [], dimensions: Int, modelDigest: [UInt8]
    ) throws(IndexError) {
        for file in files where file.modelDigest != modelDigest || file.dimensions != dimensions {
            throw IndexError(.conflict, "\(file.path) was made with another model; index its images again")
        }
        let ordered = files.filter { $0.count > 0 }.sorted {
            ($0.imageNumbers[0], $0.path) < ($1.imageNumbers[0], $1.path)
        }
        try Self.requireDisjoint(ordered)
        let parts = ordered.map { file in
            Part(file: file, removed: Set(removed.lazy.filter { file.contains($0) }.map(\.rawValue)))
        }
        self.parts = parts
        self.dimensions = dimensions
        self.modelDigest = modelDigest
        count = parts.reduce(0) { $0 + $1.file.count - $1.removed.count }
    }

    /// The number of files, less those without images.
    public var fileCount: Int { parts.count }

    /// Whether an image can be found.
    public func contains(_ image: ImageID) -> Bool { location(of: image) != nil }

    /// The descriptor of an image that can be found, as it was written.
    public func descriptor(of image: ImageID) -> [Float]? {
        location(of: image).flatMap { parts[$0.part].file.descriptor(of: image) }
    }

    /// The images that can be found, ascending. Linear, with a sort where files' numbers interleave.
    public var images: [ImageID] {
        parts.flatMap { part in part.file.images.lazy.filter { !part.removed.contains($0.rawValue) } }.sorted()
    }

    /// Where the descriptor of an image that can be found lies.
    func location(of image: ImageID) -> (part: Int, slot: Int)? {
        for (index, part) in parts.enumerated() {
            guard let slot = part.file.slot(of: image) else { continue }
            return part.removed.contains(image.rawValue) ? nil : (index, slot)
        }
        return nil
    }

    /// Files come ordered by their first image, so only those whose ranges overlap need a look.
    private static func requireDisjoint(_ files: [DescriptorFile]) throws(IndexError) {
        for (index, file) in files.enumerated() {
            guard let last = file.imageNumbers.last else { continue }
            for other in files[(index + 1)...] {
                if other.imageNumbers[0] > last { break }
                var (i, j) = (0, 0)
                while i < file.count && j < other.count {
                    let (left, right) = (file.imageNumbers[i], other.imageNumbers[j])
                    guard left != right else {
                        throw IndexError(.conflict, "image \(left) is in \(file.path) and in \(other.path)")
                    }
                    if left < right { i += 1 } else { j += 1 }
                }
            }
        }
    }
}
