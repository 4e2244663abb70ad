import Cairn
import CairnCore
import CairnTerminal
import Foundation

extension LabelTable {
    /// Calls `body` with every row whose image the collection has.
    ///
    /// Throws `CommandError` for a row without an image, for a name that several images share, and, unless `skippingMissing`, for
    /// images that the collection does not have.
    ///
    /// - Returns: The number of images that it does not have.
    func forEachImage(
        in snapshot: CollectionSnapshot, skippingMissing: Bool, _ body: (Row, ImageID) throws -> Void
    ) throws -> Int {
        try require(.image)
        if let blank = rows.first(where: { $0.image == nil }) { throw error(blank.line, "it names no image") }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let found = try snapshot.find(rows.map { $0.image ?? "" }, relativeTo: folder)
        let missing = zip(rows, found).filter { $0.1 == .missing }
        if let (row, _) = missing.first, !skippingMissing {
            let others = missing.count > 1 ? ", nor \(missing.count - 1) more" : ""
            throw error(
                row.line,
                "the collection has no image “\(row.image ?? "")”\(others); index them first, or pass over them with --skip-missing"
            )
        }
        for (row, lookup) in zip(rows, found) {
            switch lookup {
            case .found(let image): try body(row, image)
            case .ambiguous(let first, let second):
                throw error(row.line, "“\(row.image ?? "")” may be \(first) or \(second); give the path")
            case .missing: continue
            }
        }
        return missing.count
    }
}
