import CairnCore
import CairnFormats
import CairnMetrics
import Foundation

/// The ground truth of Revisited Oxford and Paris: `gnd_roxford5k.pkl`, `gnd_rparis6k.pkl`.
///
/// Radenović, Iscen, Tolias, Avrithis, Chum, "Revisiting Oxford and Paris", CVPR 2018. The file is a Python pickle of a
/// dictionary: `imlist`, `qimlist` (names without a suffix) and `gnd`, for each query a dictionary of `bbx` (four numbers)
/// and `easy`, `hard`, `junk` (rows of `imlist`, from 0). It is read as data: lists, tuples and NumPy arrays, texts and byte
/// strings, of pickle protocols 2 to 5.
public struct RevisitedAnnotations: Sendable {
    /// What the file says of one query.
    public struct Query: Sendable {
        /// The photo's name.
        public var name: String
        /// The part that is searched with; `nil` where the file has none.
        public var region: PixelRegion?
        /// Rows that are easy, hard, or neither right nor wrong.
        public var truth: RevisitedGroundTruth
    }

    /// The gallery's names, by row.
    public var images: [String]
    /// The queries, in the file's order.
    public var queries: [Query]

    /// Reads a file.
    ///
    /// Throws `DatasetError` with the query and the key for what is not there or not of the kind it should be, and for rows
    /// that are not in the list.
    public init(contentsOf file: URL) throws {
        let content: PickleValue
        do {
            content = try Pickle.load(contentsOf: file.path)
        } catch {
            throw DatasetError(
                error.kind, "\(file.path) cannot be read as the ground truth of Revisited Oxford or Paris", cause: error
            )
        }
        let name = file.path
        func failure(_ reason: String) -> DatasetError {
            DatasetError(.invalidInput, "\(name) is not the ground truth of Revisited Oxford or Paris: \(reason)")
        }
        guard content.dictionaryValue != nil else { throw failure("it holds no dictionary") }
        func names(_ key: String) throws -> [String] {
            guard let value = content[key] else { throw failure("there is no “\(key)”") }
            guard let names = value.texts else { throw failure("“\(key)” is not a list of names") }
            return names
        }
        images = try names("imlist")
        let queryNames = try names("qimlist")
        guard let truths = content["gnd"]?.elements else { throw failure("there is no list “gnd”") }
        guard truths.count == queryNames.count else {
            throw failure("“gnd” is of \(truths.count) queries and “qimlist” of \(queryNames.count)")
        }
        let count = images.count
        queries = try zip(queryNames, truths).enumerated().map { index, pair in
            let (query, truth) = pair
            func rows(_ key: String) throws -> [Int32] {
                guard let value = truth[key] else {
                    throw failure("“\(key)” of query \(index) (\(query)) is not there")
                }
                guard let numbers = value.numbers else {
                    throw failure("“\(key)” of query \(index) (\(query)) is not a list of numbers")
                }
                return try numbers.map { number in
                    guard let row = Int32(exactly: number), row >= 0, row < count else {
                        throw failure(
                            "“\(key)” of query \(index) (\(query)) has \(number), and “imlist” \(count) images")
                    }
                    return row
                }
            }
            return Query(
                name: query, region: try Self.region(of: truth) { failure("“bbx” of query \(index) (\(query)) \($0)") },
                truth: RevisitedGroundTruth(
                    easy: try rows("easy"), hard: try rows("hard"), junk: try rows("junk")))
        }
    }

    private static func region(
        of truth: PickleValue, failure: (String) -> DatasetError
    ) throws -> PixelRegion? {
        guard let value = truth["bbx"] else { return nil }
        guard let numbers = value.numbers, numbers.count == 4, numbers.allSatisfy(\.isFinite) else {
            throw failure("is not four numbers")
        }
        guard numbers[0] < numbers[2], numbers[1] < numbers[3] else { throw failure("is empty: \(numbers)") }
        return PixelRegion(x0: numbers[0], y0: numbers[1], x1: numbers[2], y1: numbers[3])
    }

    /// The benchmark: `easy` has the easy rows right and the hard ones junk, `hard` the other way round, `medium` has both
    /// right.
    ///
    /// Queries are not in the gallery. `images` is the folder of the photos; without it there are no paths.
    public func benchmark(_ layout: BenchmarkLayout, images folder: URL? = nil) -> RetrievalBenchmark {
        func image(_ name: String) -> RetrievalBenchmark.Image {
            RetrievalBenchmark.Image(
                id: name, path: folder.map { $0.path + "/" + (name.hasSuffix(".jpg") ? name : name + ".jpg") })
        }
        return RetrievalBenchmark(
            name: layout.rawValue, scoring: .revisited, gallery: images.map(image),
            queries: queries.map { RetrievalBenchmark.Query(image: image($0.name), region: $0.region) },
            settings: RevisitedGroundTruth.Setting.allCases.map { setting in
                .init(name: setting.rawValue, judgments: queries.map { $0.truth.judgment(in: setting) })
            })
    }
}

extension PickleValue {
    /// A list of names, whether of texts or of bytes.
    fileprivate var texts: [String]? {
        guard let elements else { return nil }
        var texts: [String] = []
        for element in elements {
            switch element {
            case .string(let text): texts.append(text)
            case .bytes(let bytes):
                guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
                texts.append(text)
            default: return nil
            }
        }
        return texts
    }

    /// A list of numbers, or an array of them read row by row.
    fileprivate var numbers: [Double]? {
        if let arrayValue { return arrayValue.doubles() }
        guard let elements else { return nil }
        var numbers: [Double] = []
        for element in elements {
            // NumPy scalars come as arrays without dimensions.
            guard
                let number = element.doubleValue
                    ?? element.arrayValue.flatMap({ $0.count == 1 ? $0.doubles()[0] : nil })
            else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
