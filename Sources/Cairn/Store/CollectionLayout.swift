import Glibc

/// Where a collection keeps what, below its folder.
struct CollectionLayout: Sendable {
    /// The collection's folder: absolute, without "." and "..".
    let root: String

    init(root: String) { self.root = FilePaths.standardized(root) }

    var database: String { root + "/collection.sqlite" }
    var lock: String { root + "/lock" }
    var segments: String { root + "/segments" }
    var invertedFiles: String { root + "/inverted" }
    var descriptorFiles: String { root + "/descriptors" }

    func segment(_ name: String) -> String { "\(segments)/\(name)" }
    func invertedFile(_ name: String) -> String { "\(invertedFiles)/\(name)" }
    func descriptorFile(_ name: String) -> String { "\(descriptorFiles)/\(name)" }

    static func segmentName(_ number: Int64) -> String { "features-\(padded(number)).cairn" }
    static func descriptorFileName(_ number: Int64) -> String { "descriptors-\(padded(number)).cairn" }
    static func invertedFileName(_ number: Int64) -> String { "inverted-\(padded(number)).cairn" }

    private static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Creates the folders. A folder that holds anything but a collection is refused, so that photos and store never mix.
    func createFolders() throws {
        if let names = try PosixFile.names(in: root) {
            let own: Set = ["lock", "segments", "inverted", "descriptors"]
            let stray = names.first { !own.contains($0) && !$0.hasPrefix("collection.sqlite") }
            if let stray, !names.contains("collection.sqlite") {
                throw CollectionError(
                    .invalidArgument,
                    "\(root) is not a collection and not empty (it has “\(stray)”); give a folder of its own")
            }
        }
        for folder in [root, segments, invertedFiles, descriptorFiles] { try PosixFile.createFolder(folder) }
    }
}
