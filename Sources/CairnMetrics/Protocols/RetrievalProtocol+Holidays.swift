/// INRIA Holidays: Jégou, Douze, Schmid, Hamming embedding and weak geometric consistency for large scale image search,
/// ECCV 2008; the data set's own `holidays_map.py`.
///
/// - mAP: trapezoidal form; the program adds `(precision_0 + precision_1) / (2 n)` for each of the n positives found, with
///   precision just before the hit (1 at the first rank) and at it.
/// - The query, the first image of its group, is in the gallery and is junk: it leaves the ranking, and ranks behind it
///   move up. The group's other images are the positives.
extension RetrievalProtocol {
    static let holidaysConventions: Conventions = {
        let headline = RetrievalMetric("mAP") { $0.trapezoidalAveragePrecision }
        return Conventions(headline: headline, metrics: [headline])
    }()
}
