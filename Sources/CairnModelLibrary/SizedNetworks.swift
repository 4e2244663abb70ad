import CairnCore
import CairnFeatures
import Synchronization

/// The graphs of one network for the sizes used last, each made when it is first needed.
final class SizedNetworks: Sendable {
    /// Sizes whose graphs are kept: the usual aspect ratios, upright and across.
    static let kept = 12

    private let make: @Sendable (ImageSize) throws -> any KeypointNetwork
    private let networks = Mutex<[(size: ImageSize, network: any KeypointNetwork)]>([])

    init(_ make: @escaping @Sendable (ImageSize) throws -> any KeypointNetwork) { self.make = make }

    func network(for size: ImageSize) throws -> any KeypointNetwork {
        try networks.withLock { networks in
            if let index = networks.firstIndex(where: { $0.size == size }) {
                let found = networks.remove(at: index)
                networks.append(found)
                return found.network
            }
            let made = try make(size)
            if networks.count == Self.kept { networks.removeFirst() }
            networks.append((size, made))
            return made
        }
    }
}
