import CairnCore
import Synchronization

/// The segments of a collection that are mapped, shared by all its snapshots.
final class SegmentCache: Sendable {
    private let layout: CollectionLayout
    private let capacity: Int64
    private let mapped = Mutex<[Int64: MappedSegment]>([:])

    init(layout: CollectionLayout, capacity: Int64 = CollectionWriter.Limits().segmentCapacity) {
        self.layout = layout
        self.capacity = capacity
    }

    /// The segment with a record; `nil` when it was deleted since, with all its records.
    func segment(for location: RecordLocation) throws -> MappedSegment? {
        try mapped.withLock { segments in
            if let segment = segments[location.segment], segment.covers(location.offset + location.extent) {
                return segment
            }
            do {
                let path = layout.segment(CollectionLayout.segmentName(location.segment))
                let segment = try MappedSegment(path: path, capacity: capacity)
                segments[location.segment] = segment
                return segment
            } catch let error as CollectionError where error.kind == .notFound {
                return nil
            }
        }
    }
}
