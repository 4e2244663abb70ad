/// A place in the writer where the machine may stop. Tests stop it there; the store has to come back whole from each.
enum FaultPoint: String, CaseIterable, Sendable {
    case lockTaken, recovered
    case segmentCreated, recordAppended, segmentsSynchronized
    case invertedFileWritten, descriptorFileWritten, beforeCommit, afterCommit
    case orphansCommitted, recordErased, erasuresFinished
    case mergeWritten, mergeCommitted, mergeFinished
}

/// Called at every fault point; throws or kills the process to stop the writer there.
typealias FaultHook = @Sendable (FaultPoint) throws -> Void
