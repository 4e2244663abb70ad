import CairnMetrics
import CairnRecipes

extension RecipeMetrics {
    /// The conventions by which its figures are counted.
    var conventions: RetrievalProtocol {
        switch scoring {
        case .gldv2Retrieval, .gldv2Recognition: .googleLandmarks
        case .roxford5k, .rparis6k: .revisited
        case .oxford5k, .paris6k: .oxford
        case .digix: .digix
        case .ukbench: .ukbench
        case .holidays: .holidays
        case .standard: .standard
        }
    }

    /// What the rankings are judged by: the figures that it names, or the protocol's own where it names none of rankings.
    var metrics: [RetrievalMetric] {
        let named = figures.compactMap { Self.metric($0, conventions) }
        return named.isEmpty ? conventions.metrics : named
    }

    /// A metric by its name; `nil` for one that is not of rankings.
    private static func metric(_ name: String, _ conventions: RetrievalProtocol) -> RetrievalMetric? {
        if let known = conventions.metrics.first(where: { $0.name == name }) { return known }
        let parts = name.split(separator: "@")
        let depth = parts.count == 2 ? Int(parts[1]) ?? 1 : 1
        return switch (parts.first ?? "", parts.count) {
        case ("mAP", 1):
            RetrievalMetric(name) {
                [.revisited, .oxford, .holidays, .market].contains(conventions)
                    ? $0.trapezoidalAveragePrecision : $0.averagePrecision
            }
        case ("mAP", 2): RetrievalMetric(name) { $0.averagePrecision(at: depth) }
        case ("mP", 2):
            RetrievalMetric(name) {
                conventions == .revisited ? $0.revisitedPrecision(at: depth) : $0.precision(at: depth)
            }
        case ("recall", 2): RetrievalMetric(name) { $0.recall(at: depth) }
        case ("Acc", 2), ("CMC", 2): RetrievalMetric(name) { $0.hitOrMiss(at: depth) }
        case ("N-S", 1): RetrievalMetric(name) { $0.nisterSteweniusScore }
        default: nil
        }
    }
}
