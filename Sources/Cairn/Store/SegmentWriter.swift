import CairnCore
import Glibc

/// Appends records to the collection's newest segment, and begins the next when that one is full.
///
/// What it writes counts only after `synchronize()` and a commit of the `states` in the database.
struct SegmentWriter {
    /// A segment as the database records it.
    struct State: Sendable, Equatable {
        var id: Int64
        var name: String
        var digest: String
        var length: Int64
    }

    private struct OpenSegment {
        var state: State
        var file: PosixFile
    }

    private let layout: CollectionLayout
    private let header: SegmentHeader
    private let capacity: Int64
    private let fault: FaultHook?
    private var current: OpenSegment?
    private var nextID: Int64
    /// Segments written to since the last commit; the last of them may be `current`.
    private var touched: [OpenSegment] = []
    private var hasNewFile = false

    /// Continues the last of `segments` if the same extractor made it and there is room.
    ///
    /// - Parameter capacity: Bytes after which the next segment begins.
    init(
        layout: CollectionLayout, segments: [State], header: SegmentHeader, capacity: Int64, fault: FaultHook?
    ) throws {
        self.layout = layout
        self.header = header
        self.capacity = capacity
        self.fault = fault
        nextID = (segments.map(\.id).max() ?? 0) + 1
        guard let last = segments.max(by: { $0.id < $1.id }), last.digest == header.digest, last.length < capacity
        else {
            return
        }
        let file = try PosixFile(path: layout.segment(last.name), flags: O_RDWR)
        guard try SegmentHeader(reading: file).digest == header.digest else {
            throw CollectionError.corrupted(file.path, "its extractor is not the one in the database")
        }
        current = OpenSegment(state: last, file: file)
    }

    /// What the database has to record for what was written since the last commit.
    var states: [State] { touched.map(\.state) }

    /// Writes a record behind the others.
    mutating func append(_ record: [UInt8], of image: ImageID) throws -> (location: RecordLocation, checksum: UInt64) {
        let checksum = record.withUnsafeBytes { RecordFrame.checksum(of: $0) }
        let extent = RecordFrame.extent(ofRecord: record.count)
        var segment = try segment(withRoomFor: extent)
        let offset = segment.state.length
        var bytes = RecordFrame(image: image, length: record.count, checksum: checksum).encoded()
        bytes.reserveCapacity(Int(extent))
        bytes += record
        bytes.append(contentsOf: repeatElement(0, count: Int(extent) - bytes.count))
        try bytes.withUnsafeBytes { try segment.file.write($0, at: offset) }
        segment.state.length += extent
        current = segment
        if touched.last?.state.id == segment.state.id { touched.removeLast() }
        touched.append(segment)
        try fault?(.recordAppended)
        return (RecordLocation(segment: segment.state.id, offset: offset, length: record.count), checksum)
    }

    /// Puts everything on the disk that was written since the last commit.
    mutating func synchronize() throws {
        for segment in touched { try segment.file.synchronize() }
        if hasNewFile { try PosixFile.synchronizeFolder(layout.segments) }
        try fault?(.segmentsSynchronized)
    }

    /// The database has recorded `states`.
    mutating func didCommit() {
        touched = []
        hasNewFile = false
    }

    private mutating func segment(withRoomFor extent: Int64) throws -> OpenSegment {
        if let current {
            let isEmpty = current.state.length <= Int64(SegmentHeader.pageSize)
            if current.state.length + extent <= capacity || isEmpty { return current }
        }
        let name = CollectionLayout.segmentName(nextID)
        let file = try PosixFile(path: layout.segment(name), flags: O_RDWR | O_CREAT | O_EXCL)
        let bytes = header.encoded()
        try bytes.withUnsafeBytes { try file.write($0, at: 0) }
        let segment = OpenSegment(
            state: State(id: nextID, name: name, digest: header.digest, length: Int64(bytes.count)), file: file)
        nextID += 1
        hasNewFile = true
        try fault?(.segmentCreated)
        return segment
    }
}
