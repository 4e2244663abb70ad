/// Oxford5k and Paris6k as of 2007: Philbin, Chum, Isard, Sivic, Zisserman, Object retrieval with large vocabularies and
/// fast spatial matching, CVPR 2007; the data sets' own `compute_ap.cpp`.
///
/// - mAP: trapezoidal form. The program adds `(recall - old_recall) * (old_precision + precision) / 2` at every rank, from
///   `old_recall = 0` and `old_precision = 1`. Recall moves at hits alone, by `1/R`, and there `old_precision` is the
///   precision one rank before: `trapezoidalAveragePrecision` but for rounding (it counts in single precision).
/// - Positives are the views listed as good and ok; those listed as junk leave the ranking.
/// - The query's own image stays in the gallery and counts as a positive, as its lists have it; published figures do so.
extension RetrievalProtocol {
    static let oxfordConventions: Conventions = {
        let headline = RetrievalMetric("mAP") { $0.trapezoidalAveragePrecision }
        return Conventions(headline: headline, metrics: [headline])
    }()
}
