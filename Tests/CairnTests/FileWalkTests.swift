import Foundation
import Testing

@testable import Cairn

struct FileWalkTests {
    private func paths(_ walk: FileWalk, below root: String) -> [String] {
        var walk = walk
        var paths: [String] = []
        while let item = walk.next() {
            switch item {
            case .file(let path, _): paths.append(String(path.dropFirst(root.count + 1)))
            case .failure(let path, _, let failure):
                paths.append("\(path.dropFirst(root.count + 1)): \(failure.message)")
            }
        }
        return paths
    }

    @Test("Files come in the order of their whole paths' bytes")
    func order() throws {
        let fixture = try CollectionFixture()
        let names = ["a/z", "a.jpg", "a0", "B", "b/c/d", "é", "zz"]
        for name in names { try fixture.write("x", to: name) }
        let found = paths(FileWalk(roots: [fixture.photos], excluding: fixture.store), below: fixture.photos)
        #expect(found == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test("Hidden files, pipes, loops of links and the collection itself are passed over")
    func skipping() throws {
        let fixture = try CollectionFixture()
        try fixture.write("x", to: "real/1")
        try fixture.write("x", to: ".hidden/2")
        try fixture.write("x", to: ".dot")
        try fixture.write("x", to: "store/collection.sqlite")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: fixture.path("real/loop"), withDestinationPath: fixture.photos)
        try files.createSymbolicLink(atPath: fixture.path("link"), withDestinationPath: fixture.path("real/1"))
        try files.createSymbolicLink(atPath: fixture.path("nowhere"), withDestinationPath: "/does/not/exist")
        #expect(mkfifo(fixture.path("pipe"), 0o600) == 0)
        let walk = FileWalk(roots: [fixture.photos], excluding: fixture.path("store"))
        #expect(paths(walk, below: fixture.photos) == ["link", "nowhere: it is a link to nothing", "real/1"])
        let hidden = FileWalk(
            roots: [fixture.photos, fixture.path(".hidden"), fixture.path("real")], excluding: "/none")
        #expect(
            paths(hidden, below: fixture.photos).filter { $0.hasPrefix(".hidden") || $0 == "real/1" }.sorted() == [
                ".hidden/2", "real/1",
            ])
    }

    @Test("A name that is not UTF-8 is reported, not stumbled over")
    func invalidName() throws {
        let fixture = try CollectionFixture()
        var path = Array(fixture.path("caf").utf8CString.dropLast())
        path += [CChar(bitPattern: 0xE9), 0]
        let descriptor = open(path, O_CREAT | O_WRONLY, 0o644)
        #expect(descriptor >= 0)
        close(descriptor)
        let found = paths(FileWalk(roots: [fixture.photos], excluding: "/none"), below: fixture.photos)
        #expect(found == ["caf\u{FFFD}: its name is not valid UTF-8; rename it"])
    }

    @Test("Counting finds as many files as walking")
    func counting() throws {
        let fixture = try CollectionFixture()
        for i in 0..<50 { try fixture.write("x", to: "f\(i % 7)/\(i)") }
        #expect(FileWalk.count(roots: [fixture.photos], excluding: "/none") { false } == 50)
    }

    @Test(
        "Paths are spelled one way",
        arguments: [("/a/./b//c/", "/a/b/c"), ("/a/../../b", "/b"), ("/", "/"), ("/a/\u{301}b", "/a/\u{301}b")])
    func standardized(path: String, expected: String) {
        #expect(FilePaths.standardized(path).utf8.elementsEqual(expected.utf8))
    }
}
