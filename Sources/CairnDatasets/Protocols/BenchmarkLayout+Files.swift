extension BenchmarkLayout {
    /// A file or folder of a layout.
    public struct File: Hashable, Sendable {
        /// Its path in the folder; those ending in a slash are folders.
        public var path: String
        /// What it holds.
        public var content: String
        /// Whether the layout is whole without it.
        public var isOptional: Bool

        init(_ path: String, _ content: String, isOptional: Bool = false) {
            (self.path, self.content, self.isOptional) = (path, content, isOptional)
        }
    }

    /// What the folder holds, as it is published.
    public var files: [File] {
        switch self {
        case .roxford5k, .rparis6k:
            [
                File("gnd_\(rawValue).pkl", "names, queries' regions, and what is easy, hard and junk"),
                File("jpg/", "photos of \(self == .roxford5k ? "Oxford5k" : "Paris6k"), in no further folders"),
            ]
        case .oxford5k, .paris6k:
            [
                File("*_query.txt", "a query's photo and region; also in groundtruth/ or gt/"),
                File("*_good.txt", "photos that show it"),
                File("*_ok.txt", "photos that show more than a quarter of it"),
                File("*_junk.txt", "photos that show less"),
                File("jpg/", self == .oxford5k ? "photos" : "photos, flat or in folders by landmark"),
            ]
        case .googleLandmarksRetrieval:
            [
                File("index.csv", "id of what is searched; also in metadata/ or index/"),
                File("test.csv", "id of the queries", isOptional: true),
                File(Self.retrievalSolutionFile, "id,images,Usage; also in ground_truth/ or test/"),
                File("index/0/1/2/0123456789abcdef.jpg", "photos that are searched"),
                File("test/0/1/2/0123456789abcdef.jpg", "photos of the queries"),
            ]
        case .googleLandmarksRecognition:
            [
                File("train.csv", "id,url,landmark_id; also in metadata/ or train/"),
                File("train_clean.csv", "landmark_id,images: the cleaned part", isOptional: true),
                File("train_label_to_category.csv", "landmark_id,category", isOptional: true),
                File("train_label_to_hierarchical.csv", "kinds of landmarks", isOptional: true),
                File(Self.recognitionSolutionFile, "id,landmarks,Usage; also in ground_truth/ or test/"),
                File("train/0/1/2/0123456789abcdef.jpg", "photos with labels"),
                File("test/0/1/2/0123456789abcdef.jpg", "photos of the queries"),
            ]
        case .digix:
            [
                File("train_data/label.txt", "a line a photo: DIGIX_000001/x.jpg,0"),
                File("train_data/DIGIX_000001/x.jpg", "training photos"),
                File("test_data_A/query/", "queries, whose classes are not published", isOptional: true),
                File("test_data_A/gallery/", "what they search", isOptional: true),
                File("test_data_B/", "the second test, likewise", isOptional: true),
            ]
        case .ukbench:
            [File("full/ukbench00000.jpg", "photos, four consecutive numbers to an object; also in the folder itself")]
        case .holidays:
            [File("jpg/100000.jpg", "photos of both archives, the last two digits counting those of a scene")]
        case .market1501:
            [
                File(
                    "bounding_box_test/0002_c1s1_000451_03.jpg",
                    "what is searched: person, camera, sequence, frame, box"),
                File("query/0002_c1s1_000451_03.jpg", "queries"),
            ]
        case .folders:
            [
                File("tower/", "photos of one thing"),
                File("gate/", "photos of another"),
                File("_distractor/", "photos of nothing in particular", isOptional: true),
            ]
        case .csv:
            [
                File("gallery.csv", "image[,id][,label]"),
                File(
                    "queries.csv",
                    "image[,label][,positives][,junk][,kind][,x0,y0,x1,y1]; positives and junk parted by spaces"),
            ]
        }
    }
}
