/// The published layouts that can be read, under the names that they have on the command line.
public enum BenchmarkLayout: String, Sendable, Codable, CaseIterable {
    /// Revisited Oxford.
    case roxford5k
    /// Revisited Paris.
    case rparis6k
    /// Oxford Buildings.
    case oxford5k
    /// Paris Buildings.
    case paris6k
    /// Google Landmarks v2, retrieval.
    case googleLandmarksRetrieval = "gldv2-retrieval"
    /// Google Landmarks v2, recognition.
    case googleLandmarksRecognition = "gldv2-recognition"
    /// Huawei DIGIX 2020.
    case digix
    /// UKBench.
    case ukbench
    /// INRIA Holidays.
    case holidays
    /// Market-1501.
    case market1501
    /// One folder a class.
    case folders
    /// Two lists.
    case csv

    /// What it is, in a few words.
    public var summary: String {
        switch self {
        case .roxford5k: "Revisited Oxford: 70 queries, judged easy, medium and hard (Radenović et al. 2018)"
        case .rparis6k: "Revisited Paris: 70 queries, judged easy, medium and hard (Radenović et al. 2018)"
        case .oxford5k: "Oxford Buildings: 55 queries of 11 landmarks (Philbin et al. 2007)"
        case .paris6k: "Paris Buildings: 55 queries of 11 landmarks (Philbin et al. 2008)"
        case .googleLandmarksRetrieval:
            "Google Landmarks v2, retrieval, public and private queries (Weyand et al. 2020)"
        case .googleLandmarksRecognition:
            "Google Landmarks v2, recognition, public and private queries (Weyand et al. 2020)"
        case .digix: "Huawei DIGIX 2020: digital devices, by training labels or a list of one's own for the test set"
        case .ukbench: "UKBench: 2,550 objects, four photos each (Nistér and Stewénius 2006)"
        case .holidays: "INRIA Holidays: 500 scenes, the first photo of each is the query (Jégou et al. 2008)"
        case .market1501: "Market-1501: persons across cameras (Zheng et al. 2015)"
        case .folders: "one folder a class, of your own photos"
        case .csv: "gallery.csv and queries.csv, of your own photos"
        }
    }

    /// Where its files are published; `nil` for layouts of one's own.
    public var source: String? {
        switch self {
        case .roxford5k, .rparis6k: "https://github.com/filipradenovic/revisitop"
        case .oxford5k: "https://www.robots.ox.ac.uk/~vgg/data/oxbuildings/"
        case .paris6k: "https://www.robots.ox.ac.uk/~vgg/data/parisbuildings/"
        case .googleLandmarksRetrieval, .googleLandmarksRecognition: "https://github.com/cvdfoundation/google-landmark"
        case .digix: "https://developer.huawei.com/consumer/en/activity/devStarAI/algo/competition.html"
        case .ukbench: "http://vis.uky.edu/~stewe/ukbench/"
        case .holidays: "https://lear.inrialpes.fr/people/jegou/data.php"
        case .market1501: "https://zheng-lab.cecs.anu.edu.au/Project/project_reid.html"
        case .folders, .csv: nil
        }
    }

    /// What Google Landmarks' newest solution of retrieval is called.
    public static let retrievalSolutionFile = "retrieval_solution_v2.1.csv"

    /// What Google Landmarks' newest solution of recognition is called.
    public static let recognitionSolutionFile = "recognition_solution_v2.1.csv"

    /// How large the published set is; `nil` for layouts of one's own and where what is searched is a choice.
    public var publishedSize: PublishedSize? {
        switch self {
        case .roxford5k: PublishedSize(gallery: 4_993, queries: 70)
        case .rparis6k: PublishedSize(gallery: 6_322, queries: 70)
        case .oxford5k: PublishedSize(gallery: 5_063, queries: 55)
        case .paris6k: PublishedSize(gallery: 6_392, queries: 55)
        case .googleLandmarksRetrieval: PublishedSize(gallery: 761_757, queries: 117_577)
        case .googleLandmarksRecognition: PublishedSize(gallery: 4_132_914, queries: 117_577)
        case .ukbench: PublishedSize(gallery: 10_200, queries: 10_200)
        case .holidays: PublishedSize(gallery: 1_491, queries: 500)
        case .market1501: PublishedSize(gallery: 19_732, queries: 3_368)
        case .digix, .folders, .csv: nil
        }
    }

    /// The size of a published set.
    public struct PublishedSize: Hashable, Sendable {
        /// Images that are searched; photos with labels, for recognition.
        public var gallery: Int
        /// Queries.
        public var queries: Int
    }

    /// How a loaded set differs in size from the published one, a sentence each; empty where it does not, or where nothing is
    /// published. Distractors, which follow the published rows, are `distractors` many.
    public func differences(gallery: Int, queries: Int, distractors: Int = 0) -> [String] {
        guard let publishedSize else { return [] }
        var sentences: [String] = []
        let searched = gallery - distractors
        if searched != publishedSize.gallery {
            let published = publishedSize.gallery.grouped
            sentences.append("\(searched.counted("image")) to search, where the published set has \(published)")
        }
        if queries != publishedSize.queries {
            let asked = queries == 1 ? "1 query" : "\(queries.grouped) queries"
            sentences.append("\(asked), where the published set has \(publishedSize.queries.grouped)")
        }
        return sentences
    }
}

extension Int {
    /// With what is counted: `1 image`, `2,000 images`.
    func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }

    /// With a comma after each three digits: `761,757`.
    var grouped: String {
        let digits = String(magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return self < 0 ? "-" + text : text
    }
}
