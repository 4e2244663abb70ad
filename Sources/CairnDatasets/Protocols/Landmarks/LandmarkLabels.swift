import Foundation

/// Photos of Google Landmarks with the landmark that each shows: `train.csv`, `train_clean.csv` or
/// `index_image_to_landmark.csv`.
///
/// Twelve bytes a photo; the whole training set of 4,132,914 is 50 MB. Reading streams over the mapped file, in time linear
/// in its bytes, and keeps nothing of the addresses.
public struct LandmarkLabels: Sendable {
    /// The photos, in the file's order.
    public private(set) var images: [LandmarkImageID] = []
    /// The landmark of each.
    public private(set) var landmarks: [Int32] = []

    /// Makes a list.
    public init(images: [LandmarkImageID], landmarks: [Int32]) {
        precondition(images.count == landmarks.count, "\(images.count) photos with \(landmarks.count) landmarks")
        self.images = images
        self.landmarks = landmarks
    }

    /// Reads a file. Its header says which one it is: `id,url,landmark_id` and `id,landmark_id` have a line a photo,
    /// `landmark_id,images` a line a landmark, with its photos parted by spaces.
    ///
    /// Throws `DatasetError` with the line for what is no identifier or number.
    public init(contentsOf file: URL) throws {
        try CSVReader.read(file) { reader in
            let landmark = try reader.column("landmark_id")
            if reader.header.contains("images") {
                let list = try reader.column("images")
                while try reader.next() {
                    let number = try reader.number(landmark)
                    for word in reader.words(list) {
                        images.append(try reader.landmarkImage(word, column: list))
                        landmarks.append(number)
                    }
                }
            } else {
                let image = try reader.column("id")
                while try reader.next() {
                    images.append(try reader.landmarkImage(image))
                    landmarks.append(try reader.number(landmark))
                }
            }
        }
    }

    /// The number of photos.
    public var count: Int { images.count }
}

/// What a landmark of Google Landmarks is called: a line of `*_label_to_category.csv` or `*_label_to_hierarchical.csv`.
public struct LandmarkCategory: Hashable, Sendable {
    /// Its page: `http://commons.wikimedia.org/wiki/Category:Eiffel_Tower`.
    public var category: String
    /// What kind of thing it is, where the file says so: `tower`.
    public var supercategory: String?
    /// The kind within a tree of kinds.
    public var hierarchicalLabel: String?
    /// `human-made` or `natural`.
    public var origin: String?

    /// The name within the page's address, spaces for underscores: `Eiffel Tower`.
    public var name: String {
        let last = category.split(separator: "/").last.map(String.init) ?? category
        let title = last.hasPrefix("Category:") ? String(last.dropFirst("Category:".count)) : last
        return (title.removingPercentEncoding ?? title).replacing("_", with: " ")
    }

    /// Reads a file, by landmark.
    public static func read(contentsOf file: URL) throws -> [Int32: LandmarkCategory] {
        try CSVReader.read(file) { reader in
            let landmark = try reader.column("landmark_id")
            let category = try reader.column("category")
            func optional(_ name: String) -> Int? { reader.header.firstIndex(of: name) }
            let (above, tree) = (optional("supercategory"), optional("hierarchical_label"))
            let origin = optional("natural_or_human_made")
            var categories: [Int32: LandmarkCategory] = [:]
            while try reader.next() {
                func value(_ column: Int?) throws -> String? {
                    guard let column else { return nil }
                    let text = try reader.text(column)
                    return text.isEmpty ? nil : text
                }
                categories[try reader.number(landmark)] = LandmarkCategory(
                    category: try reader.text(category), supercategory: try value(above),
                    hierarchicalLabel: try value(tree),
                    origin: try value(origin))
            }
            return categories
        }
    }
}
