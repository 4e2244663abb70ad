import CairnDatasets
import Foundation
import Testing

@Suite struct FolderDatasetTests {
    @Test("every folder is a class, nested images belong to it, and the rest is left aside by name")
    func layout() throws {
        let town = try FolderFixture([
            "tower/a.jpg", "tower/old/b.JPEG", "tower/notes.txt", "tower/.hidden.jpg", "gate/c.png",
            "_distractor/d.webp",
            "loose.jpg", "README.md", ".cache/e.jpg", "empty/.keep",
        ])
        let dataset = try FolderDataset(root: town.root)
        #expect(dataset.classes == ["empty", "gate", "tower"])
        #expect(
            dataset.images.map(town.relative) == [
                "_distractor/d.webp", "gate/c.png", "tower/a.jpg", "tower/old/b.JPEG",
            ])
        #expect(dataset.images.map(\.className) == [nil, "gate", "tower", "tower"])
        #expect(dataset.ignored == ["README.md", "loose.jpg", "tower/notes.txt"])
    }

    @Test("without a list every image of a class with at least two is a query, and its class's others are right")
    func defaultQueries() throws {
        let town = try FolderFixture([
            "tower/a.jpg", "tower/old/b.jpg", "tower/c.jpg", "gate/d.jpg", "_distractor/e.jpg",
        ])
        let dataset = try FolderDataset(root: town.root)
        #expect(dataset.queries.map { town.relative($0.path) } == ["tower/a.jpg", "tower/c.jpg", "tower/old/b.jpg"])
        let query = try #require(dataset.queries.first)
        #expect(Set(dataset.positives(of: query).map(town.relative)) == ["tower/old/b.jpg", "tower/c.jpg"])
        #expect(dataset.paths(ofClass: "nothing").isEmpty)
    }

    @Test("links to images count, links to folders inside a class are not followed")
    func links() throws {
        let town = try FolderFixture(["tower/a.jpg"])
        let tower = town.root.appendingPathComponent("tower")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: tower.path + "/loop", withDestinationPath: tower.path)
        try files.createSymbolicLink(atPath: tower.path + "/b.jpg", withDestinationPath: tower.path + "/a.jpg")
        try files.createSymbolicLink(atPath: town.root.path + "/gate", withDestinationPath: tower.path)
        let dataset = try FolderDataset(root: town.root)
        #expect(dataset.images.map(town.relative) == ["gate/a.jpg", "gate/b.jpg", "tower/a.jpg", "tower/b.jpg"])
        #expect(dataset.ignored == ["gate/loop", "tower/loop"])
    }

    @Test("a root that is missing, is a file, or holds no images is an error that says so")
    func badRoots() throws {
        let town = try FolderFixture(["loose.jpg", "tower/readme.txt"])
        for (name, kind) in [("nowhere", "notFound"), ("loose.jpg", "notFound"), ("", "invalidInput")] {
            let error = #expect(throws: DatasetError.self) {
                try FolderDataset(root: name.isEmpty ? town.root : town.root.appendingPathComponent(name))
            }
            #expect(error?.kind.rawValue == kind)
            #expect(error?.message.contains(town.root.path) == true)
        }
    }
}
