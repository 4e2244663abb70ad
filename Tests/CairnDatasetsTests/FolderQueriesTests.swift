import CairnDatasets
import Foundation
import Testing

@Suite struct FolderQueriesTests {
    private let town: FolderFixture

    init() throws {
        town = try FolderFixture([
            "tower/a.jpg", "tower/b.jpg", "gate/c, \"old\".jpg", "gate/ d.jpg", "_distractor/e.jpg", "gate/note.txt",
        ])
    }

    private func queries(_ csv: String) throws -> [FolderDataset.Query] {
        try FolderDataset(root: town.root, queries: town.write(csv, to: "queries.csv")).queries
    }

    @Test("the first column is the image, a column named kind is the kind, others do not matter")
    func columns() throws {
        let list = try queries("photo,who,kind\ntower/b.jpg,me,building\ntower/a.jpg,,\n")
        #expect(list.map { town.relative($0.path) } == ["tower/b.jpg", "tower/a.jpg"])
        #expect(list.map(\.className) == ["tower", "tower"])
        #expect(list.map(\.kind) == ["building", nil])
        #expect(try queries("image\n\(town.root.path)/tower/a.jpg\n./tower/../gate/ d.jpg").count == 2)
    }

    @Test("byte order mark, CRLF, quotes, blank lines and a missing last line break are read as meant")
    func dialects() throws {
        let list = try queries(
            "\u{FEFF}image,\"kind\"\r\n\r\n\"gate/c, \"\"old\"\".jpg\",\"a\r\nb\"\r\ngate/ d.jpg,\"x\"\r\ntower/a.jpg,")
        #expect(list.map { town.relative($0.path) } == ["gate/c, \"old\".jpg", "gate/ d.jpg", "tower/a.jpg"])
        #expect(list.map(\.kind) == ["a\r\nb", "x", nil])
    }

    @Test("the list itself is not reported as a file left aside")
    func listIsNotIgnored() throws {
        let file = try town.write("image\ntower/a.jpg", to: "queries.csv")
        #expect(try FolderDataset(root: town.root, queries: file).ignored == ["gate/note.txt"])
    }

    @Test(
        "what does not fit is refused with its line",
        arguments: [
            ("image,kind\ntower/a.jpg,x\ntower/zz.jpg,x\n", "line 3", "not an image"),
            ("image\ntower/a.jpg\ngate/note.txt\n", "line 3", "not an image"),
            ("image\n/etc/passwd\n", "line 2", "not an image"),
            ("image\ntower/a.jpg\n\n\ntower/./a.jpg\n", "line 5", "already, on line 2"),
            ("image\n_distractor/e.jpg\n", "line 2", "distractor"),
            ("", "queries.csv", "empty"),
            ("\u{FEFF}\r\n\r\n", "queries.csv", "empty"),
            ("image,kind\n", "queries.csv", "no query"),
            ("tower/a.jpg,x\ntower/b.jpg,x\n", "line 1", "add a header"),
            ("image,kind\n\"tower/a.jpg\",\"x\ny\"\ntower/b.jpg\n", "line 4", "1 fields"),
            ("image,kind\ntower/a.jpg,x,y\n", "line 2", "3 fields"),
            ("image,kind\ntower/\"a\".jpg,x\n", "line 2", "inside an unquoted field"),
            ("image,kind\n\"tower/a.jpg\" ,x\n", "line 2", "after a closing quote"),
            ("image,kind\n\"tower/a.jpg,x\n", "line 2", "never closed"),
            ("image,,kind\ntower/a.jpg,,x\n", "line 1", "no name"),
            ("image,kind,kind\ntower/a.jpg,x,y\n", "line 1", "two columns"),
        ])
    func refusals(csv: String, place: String, reason: String) throws {
        let error = #expect(throws: DatasetError.self) { try queries(csv) }
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test("a list that is not UTF-8 or not there is refused")
    func unreadable() throws {
        let latin = try town.write(Data([0x69, 0x0A, 0xE9, 0x0A]), to: "latin.csv")
        let error = #expect(throws: DatasetError.self) { try FolderDataset(root: town.root, queries: latin) }
        #expect(error?.message.contains("line 2: not UTF-8") == true)
        #expect(throws: DatasetError.self) {
            try FolderDataset(root: town.root, queries: town.root.appendingPathComponent("no.csv"))
        }
    }
}
