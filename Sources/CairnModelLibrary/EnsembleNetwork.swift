import CairnAlgebra
import CairnFeatures

/// Several models as one: their descriptors, weighted, one behind another.
final class EnsembleNetwork: Sendable {
    private let members: [GlobalModel]
    private let combination: DescriptorEnsemble

    init(members: [GlobalModel], weights: [Double]) {
        self.members = members
        combination = DescriptorEnsemble(weights: weights)
    }

    /// The long side that the most demanding member wants.
    var longSide: Int { members.map(\.input.longSide).max() ?? 1 }

    func descriptor(of photo: ExtractionPhoto) throws -> [Float] {
        try combination.combine(members.map { try $0.descriptor(of: photo) })
    }
}
