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

    func segment(_ name: String) -> String { "\(segments)/\(name)" }
    func invertedFile(_ name: String) -> String { "\(invertedFiles)/\(name)" }

    static func segmentName(_ number: Int64) -> String { "features-\(padded(number)).cairn" }
    static func invertedFileName(_ number: Int64) -> String { "inverted-\(padded(number)).cairn" }

    private static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Creates the folders. A folder that holds anything but a collection is refused, so that photos and store never mix.
    func createFolders() throws {
        if let names = try PosixFile.names(in: root) {
            let own: Set = ["lock", "segments", "inverted"]
            let stray = names.first { !own.contains($0) && !$0.hasPrefix("collection.sqlite") }
            if let stray, !names.contains("collection.sqlite") {
                throw CollectionError(
                    .invalidArgument,
                    "\(root) is not a collection and not empty (it has “\(stray)”); give a folder of its own")
            }
        }
        for folder in [root, segments, invertedFiles] { try PosixFile.createFolder(folder) }
    }
}
