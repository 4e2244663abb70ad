/// One folder a class, plain lists of positives, and whatever else has no protocol of its own.
///
/// - mAP: step form over the whole ranking, `AP = (1/R) Σ P(i)·rel(i)` (Manning, Raghavan, Schütze, Introduction to
///   Information Retrieval, section 8.4; scikit-learn's `average_precision_score`). Positives not retrieved add 0.
/// - mAP@k: over the first k ranks, divided by `min(R, k)`.
/// - P@1 and recall@10: shares of ranks and of positives; a ranking that is too short is not excused.
/// - The query, where it is in the gallery, is junk. Queries without positives are left out.
extension RetrievalProtocol {
    static let standardConventions: Conventions = {
        let headline = RetrievalMetric("mAP") { $0.averagePrecision }
        return Conventions(
            headline: headline,
            metrics: [
                headline,
                RetrievalMetric("mAP@10") { $0.averagePrecision(at: 10) },
                RetrievalMetric("mAP@100") { $0.averagePrecision(at: 100) },
                RetrievalMetric("P@1") { $0.precision(at: 1) },
                RetrievalMetric("recall@10") { $0.recall(at: 10) },
            ])
    }()
}
