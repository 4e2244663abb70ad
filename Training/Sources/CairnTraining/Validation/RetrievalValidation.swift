import CairnAlgebra
import CairnMetrics
import CairnTrainingData

/// How well a network in training finds photos of classes that it has never seen: every photo of a class of two or more is
/// searched for among all the others.
struct RetrievalValidation {
    /// What is searched with and among.
    let photos: [LabelledPhoto]
    /// The name of the figure whose best epoch is kept: `mAP@100`.
    let figure: String

    /// Wraps the photos. Throws `TrainingError` for a figure that is not known.
    init(photos: [LabelledPhoto], figure: String) throws {
        self.photos = photos
        self.figure = figure
        _ = try Self.metric(named: figure)
    }

    /// The protocol's usual figures, and the recipe's own.
    func figures(of descriptors: DescriptorMatrix) throws -> [MetricFigure] {
        let lists = try relevance(of: descriptors)
        var figures = RetrievalProtocol.standard.figures(lists)
        if !figures.contains(where: { $0.name == figure }) {
            figures.append(MetricFigure(name: figure, value: try Self.metric(named: figure).mean(lists)))
        }
        return figures
    }

    /// The judged ranking of each photo that has another of its class.
    func relevance(of descriptors: DescriptorMatrix) throws -> [RelevanceList] {
        let queries = queryRows
        guard !queries.isEmpty else { return [] }
        guard descriptors.values.allSatisfy({ $0.isFinite }) else {
            throw TrainingError(
                .failure,
                "the network's descriptors are no numbers any more: training has diverged. Lower the learning rate, or clip gradients"
            )
        }
        let rows = Dictionary(grouping: photos.indices, by: { photos[$0].label })
        var targets: [[Int32]] = []
        for query in queries { targets.append((rows[photos[query].label] ?? []).map(Int32.init)) }
        let matrix = try descriptors.rows(at: queries)
        let positions = try TargetRanks.find(queries: matrix, in: descriptors, targets: targets)
        return zip(zip(queries, targets), positions).map { query, positions in
            // Targets hold the query itself, which is junk: it is gone before ranks are counted.
            let own = query.1.firstIndex(of: Int32(query.0)).map { positions[$0] } ?? 0
            let ranks = zip(query.1, positions).filter { $0.0 != Int32(query.0) }
                .map { $0.1 - ($0.1 > own ? 1 : 0) }.sorted()
            return RelevanceList(hitRanks: ranks, positiveCount: ranks.count, length: photos.count - 1)
        }
    }

    private var queryRows: [Int] {
        let sizes = photos.sizesByLabel
        return photos.indices.filter { sizes[photos[$0].label, default: 0] > 1 }
    }

    private static func metric(named name: String) throws -> RetrievalMetric {
        let parts = name.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        if name == "mAP" { return RetrievalMetric(name) { $0.averagePrecision } }
        if parts.count == 2, let depth = Int(parts[1]), depth > 0 {
            switch parts[0] {
            case "mAP": return RetrievalMetric(name) { $0.averagePrecision(at: depth) }
            case "P", "mP", "Acc": return RetrievalMetric(name) { $0.precision(at: depth) }
            case "recall": return RetrievalMetric(name) { $0.recall(at: depth) }
            default: break
            }
        }
        throw TrainingError(
            .invalidArgument,
            "“\(name)” is no figure that training can be judged by; take mAP, mAP@k, P@k or recall@k with a number k")
    }
}
