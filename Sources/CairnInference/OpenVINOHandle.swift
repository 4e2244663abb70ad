/// An object of OpenVINO's, freed with the last reference.
///
/// OpenVINO's objects may be used from several threads at once for reading; whoever changes one holds a lock.
final class OpenVINOHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    private let free: @Sendable (OpaquePointer?) -> Void

    init(_ pointer: OpaquePointer, free: @escaping @Sendable (OpaquePointer?) -> Void) {
        self.pointer = pointer
        self.free = free
    }

    deinit { free(pointer) }
}
