import CairnDatasets
import CairnMetrics
import Foundation
import Testing

/// The cases named "public" are those of dataset_file_io_test.py of DELF (github.com/tensorflow/models, Apache-2.0).
@Suite struct LandmarkFilesTests {
    private func file(_ text: String, _ folder: FolderFixture, _ name: String = "list.csv") throws -> URL {
        try folder.write(text, to: name)
    }

    private func id(_ text: String) throws -> LandmarkImageID { try #require(LandmarkImageID(text)) }

    static let recognitionSolution =
        "id,landmarks,Usage\n0123456789abcdef,0 12,Public\n0223456789abcdef,,Public\n0323456789abcdef,100,Ignored\n"
        + "0423456789abcdef,1,Private\n0523456789abcdef,,Ignored\n"
    static let retrievalSolution =
        "id,images,Usage\n0123456789abcdef,None,Ignored\n0223456789abcdef,fedcba9876543210 fedcba9876543200,Public\n"
        + "0323456789abcdef,fedcba9876543200,Private\n0423456789abcdef,fedcba9876543220,Private\n0523456789abcdef,None,Ignored\n"

    @Test("public: the recognition solution")
    func recognition() throws {
        let solution = try LandmarkRecognitionSolution(contentsOf: file(Self.recognitionSolution, FolderFixture([])))
        func part(_ usage: LandmarkUsage) -> [String: [Int32]] {
            Dictionary(
                uniqueKeysWithValues: solution.queries.filter { $0.usage == usage }.map {
                    ($0.image.description, $0.landmarks)
                })
        }
        #expect(part(.public) == ["0123456789abcdef": [0, 12], "0223456789abcdef": []])
        #expect(part(.private) == ["0423456789abcdef": [1]])
        #expect(part(.ignored).keys.sorted() == ["0323456789abcdef", "0523456789abcdef"])
    }

    @Test("public: the retrieval solution")
    func retrieval() throws {
        let solution = try LandmarkRetrievalSolution(contentsOf: file(Self.retrievalSolution, FolderFixture([])))
        func part(_ usage: LandmarkUsage) -> [String: [String]] {
            Dictionary(
                uniqueKeysWithValues: solution.queries.filter { $0.usage == usage }.map {
                    ($0.image.description, $0.positives.map(\.description))
                })
        }
        #expect(part(.public) == ["0223456789abcdef": ["fedcba9876543210", "fedcba9876543200"]])
        #expect(
            part(.private) == ["0323456789abcdef": ["fedcba9876543200"], "0423456789abcdef": ["fedcba9876543220"]])
        #expect(part(.ignored) == ["0123456789abcdef": [], "0523456789abcdef": []])
    }

    @Test("public: recognition predictions, with a blank line, a space at the end and an empty cell")
    func recognitionPredictions() throws {
        let folder = try FolderFixture([])
        let solution = try LandmarkRecognitionSolution(contentsOf: file(Self.recognitionSolution, folder, "s.csv"))
        let predictions = try LandmarkRecognitionPredictions(
            contentsOf: file(
                "id,landmarks\n0123456789abcdef,12 0.1 \n0423456789abcdef,0 19.0\n0223456789abcdef,\n\n0523456789abcdef,14 0.01\n",
                folder))
        let first = try id("0123456789abcdef")
        let second = try id("0423456789abcdef")
        #expect(
            try predictions.answers(to: .public, of: solution) == [first: .init(query: first, landmark: 12, score: 0.1)]
        )
        #expect(
            try predictions.answers(to: .private, of: solution)
                == [second: .init(query: second, landmark: 0, score: 19)])
    }

    @Test("public: retrieval predictions")
    func retrievalPredictions() throws {
        let folder = try FolderFixture([])
        let solution = try LandmarkRetrievalSolution(contentsOf: file(Self.retrievalSolution, folder, "s.csv"))
        let predictions = try LandmarkRetrievalPredictions(
            contentsOf: file(
                "id,images\n0123456789abcdef,fedcba9876543250 \n0423456789abcdef,fedcba9876543260\n"
                    + "0223456789abcdef,fedcba9876543210 fedcba9876543200 fedcba9876543220\n\n0523456789abcdef,\n",
                folder))
        #expect(
            try predictions.answers(to: .public, of: solution) == [
                id("0223456789abcdef"): [id("fedcba9876543210"), id("fedcba9876543200"), id("fedcba9876543220")]
            ])
        #expect(
            try predictions.answers(to: .private, of: solution)
                == [id("0423456789abcdef"): [id("fedcba9876543260")]])
        #expect(try predictions.answers(to: .ignored, of: solution).count == 1)
    }

    @Test("public: photos lie in three levels of folders")
    func paths() throws {
        let image = try id("0123456789abcdef")
        #expect(image.path == "0/1/2/0123456789abcdef.jpg")
        #expect(image.description == "0123456789abcdef")
        #expect(
            GoogleLandmarks(root: URL(fileURLWithPath: "/data")).path(of: image, in: .index)
                == "/data/index/0/1/2/0123456789abcdef.jpg")
        for text in ["0123456789abcde", "0123456789ABCDEF", "0123456789abcdeg", ""] {
            #expect(LandmarkImageID(text) == nil)
        }
        #expect(LandmarkImageID("ffffffffffffffff")?.rawValue == .max)
    }

    @Test("quoted addresses with commas and quotes, CRLF, a byte order mark, and no line break at the end")
    func trainQuoting() throws {
        let labels = try LandmarkLabels(
            contentsOf: file(
                "\u{FEFF}id,url,landmark_id\r\n6e158a47eb2ca3f6,\"http://a/b,c \"\"d\"\".jpg\",142820\r\n202cd79556f30760,http://e,203093",
                FolderFixture([])))
        #expect(labels.images.map(\.description) == ["6e158a47eb2ca3f6", "202cd79556f30760"])
        #expect(labels.landmarks == [142820, 203093])
    }

    @Test("train_clean.csv, a landmark a line, and the categories' names")
    func cleanAndCategories() throws {
        let folder = try FolderFixture([])
        let labels = try LandmarkLabels(
            contentsOf: file("landmark_id,images\n1,17660ef415d37059 92b6290d571448f6\n7,25c9dfc7ea69838d\n", folder))
        #expect(labels.landmarks == [1, 1, 7])
        #expect(labels.images.last?.description == "25c9dfc7ea69838d")
        let plain = try LandmarkCategory.read(
            contentsOf: file(
                "landmark_id,category\n0,http://commons.wikimedia.org/wiki/Category:Happy_Valley_Racecourse,_Hong_Kong%21\n"
                    .replacing("Racecourse,_", with: "Racecourse_"), folder))
        #expect(plain[0]?.name == "Happy Valley Racecourse Hong Kong!")
        let tree = try LandmarkCategory.read(
            contentsOf: file(
                "landmark_id,category,supercategory,hierarchical_label,natural_or_human_made\n"
                    + "3,\"http://commons.wikimedia.org/wiki/Category:A,_B\",tower,tower,human-made\n4,c,,,\n", folder))
        #expect(tree[3]?.name == "A, B")
        #expect(tree[3]?.origin == "human-made")
        #expect(tree[4]?.name == "c" && tree[4]?.supercategory == nil)
    }

    @Test("100,000 lines stream, each with its own label")
    func streaming() throws {
        var text = "id,url,landmark_id\n"
        text.reserveCapacity(10_000_000)
        // An odd multiplier visits every number of 64 bits once.
        let expected = (1...100_000).map { line in
            (LandmarkImageID(rawValue: UInt64(line) &* 0x9E37_79B9_7F4A_7C15), Int32(line * 7919 % 203_094))
        }
        for (image, landmark) in expected {
            text += "\(image),https://upload.wikimedia.org/wikipedia/commons/0/05/\(landmark).jpg,\(landmark)\n"
        }
        let labels = try LandmarkLabels(contentsOf: file(text, FolderFixture([])))
        #expect(labels.images == expected.map(\.0))
        #expect(labels.landmarks == expected.map(\.1))
    }

    @Test(
        "damage is refused with its line",
        arguments: [
            (
                "id,url,landmark_id\n6e158a47eb2ca3f6,u,1\n6e158a47eb2ca3,u,1\n",
                "line 3: “6e158a47eb2ca3” is not 16 hexadecimal digits"
            ),
            (
                "id,url,landmark_id\n\n6e158a47eb2ca3f6,u,x\n",
                "line 3: “x” is not a number from 0 up, which landmark_id is"
            ),
            ("id,url,landmark_id\n6e158a47eb2ca3f6,u,-1\n", "line 2: “-1” is not a number"),
            ("id,url,landmark_id\n6e158a47eb2ca3f6,u,3000000000\n", "line 2: “3000000000” is not a number"),
            ("id,url,landmark_id\n6e158a47eb2ca3f6,a,b,1\n", "line 2: 4 fields where the header names 3 columns"),
            ("id,url,landmark_id\n6e158a47eb2ca3f6,\"a\n\nb,1\n", "line 2: a quote is opened and never closed"),
            ("id,url,landmark_id\n6e158a47eb2ca3f6,\"a\"b,1\n", "line 2: text after a closing quote"),
            ("id,url\n", "line 1: no column is named “landmark_id”, only “id” and “url”"),
            ("", "is empty: its first line must name the columns"),
        ])
    func damage(text: String, sentence: String) throws {
        let list = try file(text, FolderFixture([]))
        expectError(.invalidInput, sentence) { try LandmarkLabels(contentsOf: list) }
    }

    @Test("solutions and predictions refuse what would make a wrong figure")
    func wrongLists() throws {
        let folder = try FolderFixture([])
        func solution(_ text: String) throws -> Any { try LandmarkRetrievalSolution(contentsOf: file(text, folder)) }
        expectError(.invalidInput, "line 2: the usage “public” is none of") {
            try solution("id,images,Usage\n0123456789abcdef,None,public\n")
        }
        expectError(.invalidInput, "line 3: the query 0123456789abcdef is listed already") {
            try solution("id,images,Usage\n0123456789abcdef,None,Ignored\n0123456789abcdef,None,Public\n")
        }
        for cell in ["12", "12 0.5 3 0.4", "x 1", "12 nan", "-1 0.5"] {
            expectError(.invalidInput, "line 2: “\(cell)” is not a landmark's number, a space and a score") {
                try LandmarkRecognitionPredictions(contentsOf: file("id,landmarks\n0123456789abcdef,\(cell)\n", folder))
            }
        }
        let known = try LandmarkRetrievalSolution(contentsOf: file(Self.retrievalSolution, folder))
        let stranger = try LandmarkRetrievalPredictions(
            contentsOf: file("id,images\n9923456789abcdef,fedcba9876543200\n", folder))
        expectError(.invalidInput, "the predictions answer 9923456789abcdef, which the solution does not list") {
            try stranger.answers(to: .public, of: known)
        }
        expectError(.notFound, "none.csv cannot be read: give the path of a CSV file") {
            try LandmarkLabels(contentsOf: folder.root.appendingPathComponent("none.csv"))
        }
    }
}
