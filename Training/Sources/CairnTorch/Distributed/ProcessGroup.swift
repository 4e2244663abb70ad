import CTorch
import CairnCore
import CairnNN

/// Processes that train one model together, each on its own share of every batch.
///
/// Processors talk through gloo, CUDA devices through NCCL once `openNCCL` has opened it. Every process calls the same methods in
/// the same order with tensors of the same sizes, those after which gradients are computed too: their backward pass is a call of
/// all processes. Whatever it is that a process does alone, such as writing files, stands outside.
///
/// The convention: a loss is a mean over the process's own photos, or over the whole batch where `gathered` has brought it
/// together, and gradients are averaged over processes. Both give the gradient of one process with the whole batch.
///
/// A process that dies, or that does not answer within the timeout, is an error in all others; the group is then of no use.
public final class ProcessGroup: @unchecked Sendable {
    /// Its number among all processes, from 0.
    public let rank: Int
    /// How many processes there are.
    public let count: Int
    /// Its number among the processes of this machine, from 0: the CUDA device to use.
    public let localRank: Int

    /// Calls are serialised behind it.
    private let handle: cairn_torch_group

    /// Whether this is the one process that writes files and reports.
    public var isWriter: Bool { rank == 0 }

    /// Joins the processes that meet at an address, and waits for them all.
    ///
    /// Throws `TorchError` where not all come within the timeout.
    public init(_ meeting: Meeting, timeout: Duration = ProcessGroup.standardTimeout) throws(TorchError) {
        (rank, count, localRank) = (meeting.rank, meeting.count, meeting.localRank)
        let (seconds, attoseconds) = timeout.components
        var failure: TorchError?
        var handle: cairn_torch_group?
        meeting.host.withCString { host in
            meeting.prefix.withCString { prefix in
                var place = cairn_torch_meeting()
                place.host = host
                place.port = meeting.port
                place.hosts_store = meeting.hostsStore
                place.prefix = prefix
                place.rank = Int32(meeting.rank)
                place.count = Int32(meeting.count)
                place.timeout_milliseconds = max(seconds * 1_000 + attoseconds / 1_000_000_000_000_000, 1)
                do throws(TorchError) {
                    handle = try TorchError.check { cairn_torch_group_join(&place, $0) }
                } catch {
                    failure = error
                }
            }
        }
        guard let handle else {
            throw TorchError(
                .failure,
                "process \(meeting.rank) of \(meeting.count) could not meet the others at \(meeting.host):"
                    + "\(meeting.port): \(failure?.message ?? "no reason given")", cause: failure)
        }
        self.handle = handle
    }

    deinit { cairn_torch_group_leave(handle) }

    /// Half an hour: longer than what one process does alone between two steps, such as a validation.
    public static let standardTimeout = Duration.seconds(1_800)

    /// Opens NCCL for tensors on CUDA devices, this process's being on `device`. To be called by all processes.
    ///
    /// Throws `TorchError` where NCCL's library or the device is not there.
    public func openNCCL(on device: TorchDevice) throws(TorchError) {
        guard case .cuda = device else {
            throw TorchError(.invalidArgument, "NCCL joins CUDA devices, not \(device)")
        }
        try check("open NCCL") { cairn_torch_group_open_nccl(handle, device.number, $0) }
    }

    /// Replaces each tensor by `scale` times the sum of all processes' tensors, outside of any graph.
    ///
    /// All processes get the same bits. Small tensors travel together, 32 MB at a time.
    public func sum(_ tensors: [TorchTensor], scale: Double = 1) throws(TorchError) {
        let handles = tensors.map { $0.handle as cairn_torch_tensor? }
        _ = try withExtendedLifetime(tensors) { () throws(TorchError) in
            try check("add tensors up") { cairn_torch_group_sum(handle, handles, Int32(handles.count), scale, $0) }
        }
    }

    /// Replaces each tensor by that of the process `root`, outside of any graph: how all start from the same parameters.
    public func broadcast(_ tensors: [TorchTensor], from root: Int = 0) throws(TorchError) {
        guard (0..<count).contains(root) else {
            throw TorchError(.invalidArgument, "there is no process \(root) among \(count)")
        }
        let handles = tensors.map { $0.handle as cairn_torch_tensor? }
        _ = try withExtendedLifetime(tensors) { () throws(TorchError) in
            try check("copy tensors") {
                cairn_torch_group_broadcast(handle, handles, Int32(handles.count), Int32(root), $0)
            }
        }
    }

    /// Waits until all processes are here. It does not wait for what CUDA devices still do.
    public func barrier() throws(TorchError) {
        try check("wait for the others") { cairn_torch_group_barrier(handle, $0) }
    }

    /// The sum of all processes' tensors as part of the graph: a gradient is the sum of all processes' gradients.
    func summed(_ tensor: TorchTensor) throws(TorchError) -> TorchTensor {
        try made("add tensors up") { cairn_torch_group_summed(handle, tensor.handle, $0) }
    }

    /// Batch normalisation over the photos of all processes.
    func normalized(
        _ map: TorchTensor, _ statistics: BatchStatistics<TorchTensor>
    ) throws(TorchError) -> TorchTensor {
        try withExtendedLifetime(statistics) { () throws(TorchError) in
            var normalization = cairn_torch_normalization(
                weight: statistics.weight?.handle, bias: statistics.bias?.handle,
                running_mean: statistics.runningMean.handle, running_variance: statistics.runningVariance.handle,
                momentum: Double(statistics.momentum), epsilon: Double(statistics.epsilon))
            return try made("normalise a batch") {
                cairn_torch_group_normalized(handle, map.handle, &normalization, $0)
            }
        }
    }

    private typealias ErrorText = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    private func made(
        _ task: String, _ body: (ErrorText) -> cairn_torch_tensor?
    ) throws(TorchError) -> TorchTensor {
        guard let tensor = try check(task, body) else {
            throw TorchError(.failure, "process \(rank) of \(count) could not \(task): no tensor came back")
        }
        return TorchTensor(owning: tensor)
    }

    @discardableResult
    private func check<R>(_ task: String, _ body: (ErrorText) -> R) throws(TorchError) -> R {
        do throws(TorchError) {
            return try TorchError.check(body)
        } catch {
            // Gloo goes on to guess and to greet.
            let reason = error.message.split(separator: ". This is typically", maxSplits: 1).first ?? ""
            throw TorchError(
                .failure,
                "process \(rank) of \(count) could not \(task) with the others, of which one may have ended: \(reason)",
                cause: error)
        }
    }
}
