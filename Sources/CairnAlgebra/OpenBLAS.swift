internal import COpenBLAS

/// The linear-algebra library underneath, and how many threads it may use.
///
/// OpenBLAS picks its kernels by the processor it runs on, so sums of floats may differ in their last bits from machine to
/// machine and from one thread count to another. Where that would change an order, this module decides in a fixed order of
/// its own: see `NearestRows`.
public enum OpenBLAS {
    /// What the library says of itself: version, build options, kernel in use.
    public static var configuration: String {
        openblas_get_config().map { String(cString: $0) } ?? ""
    }

    /// How many threads a product uses, for the whole process. At first as many as there are cores.
    public static var threadCount: Int { Int(openblas_get_num_threads()) }

    /// Sets `threadCount`, for the whole process; call it while no product is under way.
    ///
    /// - Precondition: `count` is at least 1.
    public static func setThreadCount(_ count: Int) {
        precondition(count >= 1, "a product needs at least one thread, not \(count)")
        openblas_set_num_threads(Int32(clamping: count))
    }
}
