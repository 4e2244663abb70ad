import CairnCore
import CairnImaging
import Dispatch
import Foundation
import Synchronization

extension TrainingPhotoSet {
    /// Bytes of a file that are looked at first: nearly every header is within them.
    private static let headerLength = 64 * 1024

    /// The same photos with the sizes of their files' headers, as far as these can be read; sizes known already are kept.
    ///
    /// Pixels are not decoded. Grouping by aspect ratio needs this. Photos that cannot be read stay without a size; loading
    /// them reports why.
    ///
    /// - Parameter workers: threads that read files.
    public func readingSizes(workers: Int = ProcessInfo.processInfo.activeProcessorCount) -> TrainingPhotoSet {
        let missing = photos.indices.filter { photos[$0].size == nil }
        guard !missing.isEmpty else { return self }
        let threads = min(max(1, workers), missing.count)
        let found = Mutex<[ImageSize?]>(photos.map(\.size))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let decoder = ImageDecoder()
            let own = stride(from: thread, to: missing.count, by: threads).map { missing[$0] }
            let sizes = own.map { Self.size(ofFile: photos[$0].path, decoder) }
            found.withLock { found in for (row, size) in zip(own, sizes) { found[row] = size } }
        }
        var copy = self
        copy.setSizes(found.withLock { $0 })
        return copy
    }

    private static func size(ofFile path: String, _ decoder: ImageDecoder) -> ImageSize? {
        if let file = FileHandle(forReadingAtPath: path) {
            defer { try? file.close() }
            if let prefix = try? file.read(upToCount: headerLength),
                let size = try? decoder.metadata(from: prefix).size
            {
                return size
            }
        }
        // A large thumbnail or profile came first, or the format keeps its header elsewhere.
        return try? decoder.metadata(contentsOf: path).size
    }
}
