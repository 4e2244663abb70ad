/// Market-1501: Zheng, Shen, Tian, Wang, Wang, Tian, Scalable Person Re-identification: A Benchmark, ICCV 2015; the
/// authors' `compute_AP.m`.
///
/// - CMC@k: the share of queries whose first right answer comes at rank k or before.
/// - mAP: trapezoidal form, as that program has it (`(recall - old_recall) * (old_precision + precision) / 2` at every
///   rank). Many later libraries score Market-1501 by steps, which is never lower: compare like with like, `mAP` of
///   `RetrievalProtocol.standard` is theirs.
/// - Positives are the person's images from other cameras. Junk is what the same camera saw of the person, and the
///   detector's partial boxes (identity -1); false detections (identity 0) are wrong. A query without positives is left
///   out.
extension RetrievalProtocol {
    static let marketConventions: Conventions = {
        let headline = RetrievalMetric("mAP") { $0.trapezoidalAveragePrecision }
        let cumulativeMatches = [1, 5, 10, 20].map { rank in
            RetrievalMetric("CMC@\(rank)") { $0.hitOrMiss(at: rank) }
        }
        return Conventions(headline: headline, metrics: cumulativeMatches + [headline])
    }()
}
