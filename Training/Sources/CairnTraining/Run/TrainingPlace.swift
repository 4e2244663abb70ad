import CairnTorch
import Foundation

/// Where this process trains, and with whom: found once, before anything else touches LibTorch.
public struct TrainingPlace {
    /// Where tensors are.
    public let device: TorchDevice
    /// The processes that a launcher has started together; `nil` for one.
    public let group: ProcessGroup?

    /// Opens CUDA where it is asked for or there, meets the other processes, and sets threads.
    ///
    /// Throws `TorchError` where CUDA is asked for and cannot be used, or the others do not come.
    public init(_ options: TrainingOptions, environment: [String: String] = ProcessInfo.processInfo.environment) throws
    {
        // Steps ask for the same blocks again and again.
        Torch.keepMemory()
        let meeting = try ProcessGroup.Meeting(environment: environment)
        let localRank = meeting?.localRank ?? 0
        switch options.device {
        case .cpu: device = .cpu
        case .cuda: device = .cuda(localRank % (try CUDA.open()))
        case .automatic: device = (try? CUDA.open()).map { .cuda(localRank % $0) } ?? .cpu
        }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let local = environment["LOCAL_WORLD_SIZE"].flatMap(Int.init) ?? meeting?.count ?? 1
        Torch.threads = options.threads ?? max(1, cores / max(local, 1))
        group = try meeting.map { try ProcessGroup($0) }
        if case .cuda = device { try group?.openNCCL(on: device) }
    }
}
