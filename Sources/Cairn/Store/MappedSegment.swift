import CairnCore
import Glibc
import Synchronization

/// A segment mapped for reading, as long as anything uses its records.
///
/// The mapping reaches past the end of the file, so that records appended later need no new one; nothing is read there
/// before the database says that it is written.
final class MappedSegment: @unchecked Sendable {
    // Unchecked: the pages are mapped read-only and `bytes` never changes; the known length is behind a mutex.

    private let bytes: UnsafeRawBufferPointer
    private let file: PosixFile
    private let knownLength = Mutex<Int64>(0)

    /// What the segment says about itself.
    let header: SegmentHeader

    /// Maps the segment at `path`.
    ///
    /// - Parameter capacity: The length to which the segment may grow before another begins.
    init(path: String, capacity: Int64) throws {
        file = try PosixFile(path: path, flags: O_RDONLY)
        header = try SegmentHeader(reading: file)
        let length = Int64(try file.status().st_size)
        let count = Int(max(length, capacity))
        guard let start = mmap(nil, count, PROT_READ, MAP_SHARED, file.descriptor, 0), start != MAP_FAILED else {
            throw CollectionError.system("map", path, errno: errno)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
        knownLength.withLock { $0 = length }
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }

    /// Whether the mapping reaches as far as `end`. A record longer than a segment's capacity may need a new mapping.
    func covers(_ end: Int64) -> Bool { end <= Int64(bytes.count) }

    /// Frame and record at a location. Throws when the file is shorter than that: reading there would end the process.
    func extent(at location: RecordLocation) throws -> UnsafeRawBufferPointer {
        let end = location.offset.addingReportingOverflow(Int64(RecordFrame.byteCount) + Int64(location.length))
        guard location.offset >= 0, location.length >= 0, !end.overflow, covers(end.partialValue) else {
            throw CollectionError.corrupted(file.path, "the database has a record at \(location.offset), outside of it")
        }
        try knownLength.withLock { length in
            if end.partialValue > length { length = Int64(try file.status().st_size) }
            guard end.partialValue <= length else {
                throw CollectionError.corrupted(
                    file.path, "it has \(length) bytes, and the database a record that ends at \(end.partialValue)")
            }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[Int(location.offset)..<Int(end.partialValue)])
    }
}

/// An image's record in its segment, not copied. Keeps the mapping alive.
public struct MappedRecord: Sendable {
    let segment: MappedSegment
    let location: RecordLocation
    let image: ImageID

    /// The number of bytes in the record.
    public var count: Int { location.length }

    /// Calls `body` with the record's bytes, which begin at a multiple of 32.
    ///
    /// - Returns: What `body` returned, or `nil` when the image is deleted, also while `body` ran: what it saw then may be zeros.
    /// - Throws: What `body` throws, or `CollectionError` when the segment is shorter than the database says.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result? {
        let extent = try segment.extent(at: location)
        guard isIntact(extent) else { return nil }
        let result = try body(UnsafeRawBufferPointer(rebasing: extent[RecordFrame.byteCount...]))
        // A deletion wipes the frame before anything else, so an intact frame means that all of it was.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        return isIntact(extent) ? result : nil
    }

    /// Whether the record's bytes still have the checksum that was written with them. Reads all of them.
    ///
    /// - Returns: `nil` when the image is deleted.
    func hasValidChecksum(_ checksum: UInt64) throws -> Bool? {
        try withUnsafeBytes { RecordFrame.checksum(of: $0) == checksum }
    }

    private func isIntact(_ extent: UnsafeRawBufferPointer) -> Bool {
        guard let frame = RecordFrame(decoding: extent) else { return false }
        return frame.image == image && frame.length == location.length
    }
}
