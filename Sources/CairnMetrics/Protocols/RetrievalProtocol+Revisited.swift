/// Revisited Oxford and Paris: Radenović, Iscen, Tolias, Avrithis, Chum, Revisiting Oxford and Paris, CVPR 2018;
/// `compute_map` of `evaluate.py` in filipradenovic/revisitop.
///
/// - mAP: trapezoidal form, `(1/R) Σ_j (j/i_j + (j+1)/(i_j+1)) / 2` with the j-th positive at rank `i_j`, both from 0, and
///   1 instead of `j/i_j` at rank 0.
/// - mP@k: precision at `min(k, rank of the last positive)`, so that a query with three positives can reach 1 at rank 10.
/// - Easy, Medium and Hard differ in what is positive and what is junk: see `RevisitedGroundTruth`. Junk leaves the
///   ranking.
/// - A query without positives in a setting is left out of its means; the official program records NaN for it.
/// - The official program takes complete rankings. In one that lacks positives they add 0, and k is cut to the last
///   positive it has; without any, the precisions are 0.
extension RetrievalProtocol {
    static let revisitedConventions: Conventions = {
        let headline = RetrievalMetric("mAP") { $0.trapezoidalAveragePrecision }
        return Conventions(
            headline: headline,
            metrics: [
                headline,
                RetrievalMetric("mP@1") { $0.revisitedPrecision(at: 1) },
                RetrievalMetric("mP@5") { $0.revisitedPrecision(at: 5) },
                RetrievalMetric("mP@10") { $0.revisitedPrecision(at: 10) },
            ])
    }()
}
