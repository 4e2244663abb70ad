/// Google Landmarks v2 retrieval: Weyand, Araujo, Cao, Sim, Google Landmarks Dataset v2, CVPR 2020, equation 2; the metric
/// of Kaggle's landmark retrieval challenges, and `MeanAveragePrecision` of `metrics.py` in DELF.
///
///     mAP@100 = (1/Q) Σ_q (1/min(m_q, 100)) Σ_{k ≤ min(n_q, 100)} P_q(k) rel_q(k)
///
/// - Q counts the queries of the solution; `m_q` are the positives of a query, `n_q` its predictions. Step form.
/// - A query of the solution without a prediction scores 0 and counts in Q: give it an empty ranking, do not leave it out.
/// - An image predicted twice counts once; the second keeps its rank occupied and is wrong.
/// - A query without positives is no part of Q: solutions mark those "Ignored", and the challenge states `m_q > 0` (DELF's
///   program would divide by zero). Here it is left out.
/// - Nothing is junk: query and gallery photos are disjoint.
extension RetrievalProtocol {
    static let googleLandmarksConventions: Conventions = {
        let headline = RetrievalMetric("mAP@100") { $0.averagePrecision(at: 100) }
        return Conventions(depth: 100, headline: headline, metrics: [headline])
    }()
}
