import CairnCore
import Foundation
import GRDB

/// A file of a collection, as it was when it was indexed.
struct CollectionFile: Sendable {
    var path: String
    var image: ImageID
    var byteCount: Int
    var modified: Date
}

extension CollectionSnapshot {
    /// All files in bytewise order of paths. Linear in their number.
    func files() throws -> [CollectionFile] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT path, image_id, size, modified_ns FROM file ORDER BY path").map {
                CollectionFile(
                    path: $0[0], image: ImageID($0[1]), byteCount: $0[2],
                    modified: Date(timeIntervalSince1970: Double($0[3] as Int64) / 1e9))
            }
        }
    }
}
