/// Digital device image retrieval, Huawei DIGIX Global AI Challenge 2020: participants send ten gallery images for each
/// query.
///
/// - Acc@1: the share of queries whose first answer shows the query's device.
/// - mAP@10: step form over the first ten ranks, divided by `min(positives, 10)`.
/// - The challenge ranked teams by the mean of the two.
/// - Nothing is junk: queries and gallery are disjoint. A query without positives is left out.
extension RetrievalProtocol {
    static let digixConventions: Conventions = {
        let headline = RetrievalMetric("mAP@10") { $0.averagePrecision(at: 10) }
        return Conventions(
            depth: 10, headline: headline, metrics: [RetrievalMetric("Acc@1") { $0.accuracyAtOne }, headline])
    }()
}
