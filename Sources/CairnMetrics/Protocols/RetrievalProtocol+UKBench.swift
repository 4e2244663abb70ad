/// UKBench: Nistér and Stewénius, Scalable Recognition with a Vocabulary Tree, CVPR 2006, and the page of the data set.
///
/// - N-S: the mean number of right images among the first four, in 0...4: four times the recall at 4.
/// - Every image of the gallery is a query; its object has four images, and the query itself is one of the four positives,
///   not junk: a method that finds each image with itself alone scores 1.
extension RetrievalProtocol {
    static let ukbenchConventions: Conventions = {
        let headline = RetrievalMetric("N-S") { $0.nisterSteweniusScore }
        return Conventions(depth: 4, headline: headline, metrics: [headline])
    }()
}
