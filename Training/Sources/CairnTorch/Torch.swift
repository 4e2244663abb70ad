import CTorch

/// LibTorch as a whole: its random numbers, threads and modes.
public enum Torch {
    /// LibTorch's version: "2.15.0".
    public static var version: String { String(cString: cairn_torch_version()) }

    /// Threads that an operator may use on the processor.
    public static var threads: Int {
        get { Int(cairn_torch_threads()) }
        set { cairn_torch_set_threads(Int32(newValue)) }
    }

    /// Starts the random numbers of all devices anew.
    public static func seed(_ seed: UInt64) {
        do {
            _ = try TorchError.check { cairn_torch_seed(seed, $0) }
        } catch {
            preconditionFailure("random numbers could not be started: \(error.message)")
        }
    }

    /// Runs a body whose operators are not remembered for gradients.
    public static func withoutGradients<R>(_ body: () throws -> R) rethrows -> R {
        let before = cairn_torch_set_recording(false)
        defer { _ = cairn_torch_set_recording(before) }
        return try body()
    }

    /// Runs a body whose matrix products and convolutions are computed in bfloat16, from weights and to sums of 32 bits, or in
    /// it one whose are not.
    ///
    /// The backward pass belongs outside. Throws what the body throws.
    public static func withAutocast<R>(_ isEnabled: Bool = true, on device: TorchDevice, _ body: () throws -> R) throws
        -> R
    {
        let before = cairn_torch_autocast(device.number)
        guard isEnabled != before else { return try body() }
        _ = try TorchError.check { cairn_torch_set_autocast(isEnabled, device.number, $0) }
        defer {
            // Casts of weights are kept for the body alone: a step later they would be stale.
            if !before { cairn_torch_clear_autocast_cache() }
            _ = try? TorchError.check { cairn_torch_set_autocast(before, device.number, $0) }
        }
        return try body()
    }

    /// Keeps memory that tensors gave back for the next ones instead of handing it to the system, which would have to clear it
    /// again: steps are faster, and hold as much memory as their peak needs. To be called at a program's start; the processor's
    /// memory alone, and with glibc.
    public static func keepMemory() { cairn_torch_keep_memory(256 << 20) }

    /// Tensors that Swift holds in the whole process, for tests that nothing is held too long.
    static var liveTensors: Int { Int(cairn_torch_live_count()) }
}

/// CUDA, which is opened by name where a machine has it.
public enum CUDA {
    /// Opens LibTorch's CUDA half and says how many devices there are. To be called before anything else of this module.
    ///
    /// Throws `TorchError` with the loader's own words where there is none.
    public static func open() throws(TorchError) -> Int {
        do throws(TorchError) {
            _ = try TorchError.check { cairn_torch_open_cuda($0) }
        } catch {
            throw TorchError(
                .unsupported, "CUDA cannot be used here: \(error.message); train with --device cpu", cause: error)
        }
        let count = Int(cairn_torch_cuda_count())
        guard count > 0 else {
            throw TorchError(
                .unsupported, "LibTorch's CUDA half is here, but no device that it can use; train with --device cpu")
        }
        return count
    }

    /// Waits until a device has done all it was told.
    public static func synchronize(_ device: TorchDevice) throws(TorchError) {
        guard case .cuda = device else { return }
        _ = try TorchError.check { cairn_torch_cuda_synchronize(device.number, $0) }
    }

    /// The most bytes that tensors held on a device at a time since the start; `nil` for the
    /// processor and where LibTorch (before 2.9) does not say.
    public static func peakMemory(_ device: TorchDevice) throws(TorchError) -> Int? {
        guard case .cuda = device else { return nil }
        let bytes = try TorchError.check { cairn_torch_cuda_peak_bytes(device.number, $0) }
        return bytes < 0 ? nil : Int(bytes)
    }
}
