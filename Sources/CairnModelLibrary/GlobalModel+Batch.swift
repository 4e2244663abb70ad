import CairnCore
import CairnFeatures
import Dispatch
import Foundation
import Synchronization

extension GlobalModel {
    /// Descriptors of many photos, in their order; photos are read while the network works.
    ///
    /// - Parameters:
    ///   - paths: The photos.
    ///   - whitened: Whether the model's whitening is applied.
    ///   - maximumPixels: Larger photos are refused.
    ///   - onAdvance: Called with the number done, from any thread.
    /// - Returns: For each photo its descriptor, or why there is none.
    public func descriptors(
        ofPhotosAt paths: [String], whitened: Bool = true, maximumPixels: Int = 250_000_000,
        onAdvance: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> [Result<[Float], any Error>] {
        let results = Mutex<[Int: Result<[Float], any Error>]>([:])
        let next = Mutex(0)
        // One thread more than cores: the network's threads are never idle while photos are decoded.
        let threads = ProcessInfo.processInfo.activeProcessorCount + 1
        let group = DispatchGroup()
        for _ in 0..<min(threads, paths.count) {
            group.enter()
            let thread = Thread {
                while true {
                    let index = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard index < paths.count else { break }
                    let result = Result<[Float], any Error> {
                        let photo = try ExtractionPhoto(
                            contentsOf: paths[index], for: self.input, maximumPixels: maximumPixels)
                        return try whitened ? self.descriptor(of: photo) : self.unwhitened(photo)
                    }
                    let done = results.withLock { results in
                        results[index] = result
                        return results.count
                    }
                    onAdvance(done)
                }
                group.leave()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        group.wait()
        return results.withLock { results in
            paths.indices.map { results[$0] ?? .failure(ModelLibraryError(.failure, "\(paths[$0]) was not reached")) }
        }
    }
}
