import CairnRecipes
import Foundation
import Testing

/// A small file of settings of the tests' own.
private struct Settings: YAMLDecodable {
    enum Mode: String, YAMLChoice { case fast, slow }
    enum CodingKeys: String, CodingKey, CaseIterable { case name, count, share, flag, mode, list, note }

    var name: String
    var count = 3
    var share = 0.5
    var flag = false
    var mode = Mode.fast
    var list: [Int] = []
    var note: String?

    init(yaml: YAMLNode) throws {
        let fields = try yaml.fields(CodingKeys.self)
        name = try fields.required(.name)
        try fields.read(.count, into: &count, .within(1...10))
        try fields.read(.share, into: &share, .above(0, upTo: 1))
        try fields.read(.flag, into: &flag)
        try fields.read(.mode, into: &mode)
        try fields.read(.list, into: &list)
        try fields.read(.note, into: &note)
    }

    static func reading(_ text: String) throws -> Settings {
        try Settings(yaml: YAMLDocument(text: text, name: "s.yaml").root)
    }
}

/// The message of what is thrown; empty where nothing is.
func refusal(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch { return (error as? RecipeError)?.message ?? "\(error)" }
}

struct YAMLDocumentTests {
    @Test("values are read by type, and what is left out keeps its default")
    func values() throws {
        let settings = try Settings.reading("name: x\nshare: 2.5e-1\nflag: true\nmode: slow\nlist: [1, 2]\n")
        #expect(settings.name == "x" && settings.count == 3 && settings.share == 0.25)
        #expect(settings.flag && settings.mode == .slow && settings.list == [1, 2] && settings.note == nil)
    }

    @Test("null is as if left out; quoted text is text even where it looks like null or a number")
    func nulls() throws {
        #expect(try Settings.reading("name: x\nnote: null\n").note == nil)
        #expect(try Settings.reading("name: x\nnote: ~\ncount:\n").count == 3)
        #expect(try Settings.reading("name: x\nnote: \"null\"\n").note == "null")
        #expect(try Settings.reading("name: 2020\n").name == "2020")
    }

    @Test(
        "a wrong value is one sentence with file, line and column",
        arguments: [
            ("name: x\ncount: many\n", "s.yaml:2:8: “count” is “many”; it must be a whole number"),
            ("name: x\ncount: \"3\"\n", "s.yaml:2:8: “count” is the text “3”; it must be a whole number"),
            ("name: x\ncount: 0x10\n", "s.yaml:2:8: “count” is “0x10”; it must be a whole number"),
            ("name: x\ncount: 11\n", "s.yaml:2:8: “count” is “11”; it must be from 1 to 10"),
            ("name: x\nshare: 0\n", "s.yaml:2:8: “share” is “0”; it must be above 0 and at most 1"),
            ("name: x\nshare: .nan\n", "s.yaml:2:8: “share” is “.nan”; it must be a number"),
            ("name: x\nshare: inf\n", "s.yaml:2:8: “share” is “inf”; it must be a number"),
            ("name: x\nflag: yes\n", "s.yaml:2:7: “flag” is “yes”; it must be true or false"),
            ("name: x\nmode: fats\n", "s.yaml:2:7: “mode” is “fats”; it must be one of fast, slow"),
            ("name: x\nlist: 3\n", "s.yaml:2:7: “list” is “3”; it must be a list"),
            ("name: x\nlist: [1, b]\n", "s.yaml:2:11: “1” of list is “b”; it must be a whole number"),
            ("name: [x]\n", "s.yaml:1:7: “name” is a list; it must be text"),
            ("count: 3\n", "s.yaml:1:1: the file lacks “name”; give it"),
            ("- name\n", "s.yaml:1:1: the file is a list; it must be a mapping"),
            (
                "name: x\n\ncuont: 3\n",
                "s.yaml:3:1: the file has no setting “cuont”; did you mean “count”? It has count, flag"
            ),
            ("name: x\nzebra: 3\n", "s.yaml:2:1: the file has no setting “zebra”; it has count, flag"),
            ("name: x\nname: y\n", "s.yaml:2:1: “name” is here a second time"),
            ("name: x\nnote: !!str y\n", "s.yaml:2:7: the tag “tag:yaml.org,2002:str” is not read"),
            ("name: x\nnote: &a y\n", "s.yaml:2:7: anchors and aliases"),
            ("name: x\nnote: *a\n", "s.yaml:2:7: this is no YAML: found undefined alias"),
            ("name: x\n---\nname: y\n", "s.yaml:3:1: a second document begins here"),
            ("name: x\n  note: y\n", "s.yaml:2:7: this is no YAML"),
            ("name: [x\n", "this is no YAML"),
            ("? [a]\n: b\n", "s.yaml:1:3: a key must be a word"),
            ("", "s.yaml:1:1: the file is empty"),
            ("# nothing\n", "the file is empty"),
        ])
    func mistakes(text: String, expected: String) {
        let found = refusal { _ = try Settings.reading(text) }
        #expect(found.contains(expected), "\(found)")
        #expect(!found.contains("\n"))
    }

    @Test("bytes that are no UTF-8 and files that are too large are refused")
    func bytes() {
        #expect(refusal { _ = try YAMLDocument(data: Data([0x6E, 0xFF, 0xFE]), name: "s.yaml") }.contains("UTF-8"))
        let large = Data(repeating: 0x23, count: YAMLDocument.sizeLimit + 1)
        #expect(refusal { _ = try YAMLDocument(data: large, name: "s.yaml") }.contains("more than 262144 bytes"))
        #expect(refusal { _ = try YAMLDocument(text: "a: \u{1}", name: "s.yaml") }.contains("no YAML"))
    }

    @Test("a byte order mark does no harm")
    func byteOrderMark() throws {
        let document = try YAMLDocument(data: Data("\u{FEFF}name: x".utf8), name: "s.yaml")
        #expect(try Settings(yaml: document.root).name == "x")
    }

    @Test("text that multiplies itself is refused at once", .timeLimit(.minutes(1)))
    func bombs() {
        var laughs = "a0: &a0 [x, x]\n"
        for level in 1...30 { laughs += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
        #expect(refusal { _ = try YAMLDocument(text: laughs, name: "s.yaml") }.contains("aliases"))
        // As keys, which are compared before anyone can look.
        let key = laughs + "? *a30\n: x\n? *a29\n: y\n"
        #expect(refusal { _ = try YAMLDocument(text: key, name: "s.yaml") }.contains("aliases"))
        let few = "a0: &a0 [x, x]\na1: &a1 [*a0, *a0]\n? [*a1, *a1]\n: x\n"
        #expect(refusal { _ = try YAMLDocument(text: few, name: "s.yaml") }.contains("anchors"))
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
            let deep = String(repeating: open, count: 5_000) + "x" + String(repeating: close, count: 5_000)
            #expect(!refusal { _ = try YAMLDocument(text: deep, name: "s.yaml") }.isEmpty)
        }
        let nested = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(refusal { _ = try YAMLDocument(text: nested, name: "s.yaml") }.contains("more than 32 deep"))
    }

    @Test("stars in prose and in comments are no aliases")
    func stars() throws {
        let text = "# *a *b *c\nname: x\nnote: >-\n  512 * 6 is not *much*\n"
        #expect(try Settings.reading(text).note == "512 * 6 is not *much*")
    }
}

struct YAMLOverrideTests {
    private func document() throws -> YAMLDocument {
        try YAMLDocument(
            text:
                "name: x\nlist: [1, 2]\nitems:\n  - {name: one, size: 1}\n  - {name: two, size: 2}\nrehearsal:\n  items.*.size: 9\n  count: 4\n",
            name: "s.yaml")
    }

    private func value(_ document: YAMLDocument, _ path: String) -> String? {
        var node: YAMLNode? = document.root
        for part in path.split(separator: ".") {
            guard let current = node else { return nil }
            node =
                Int(part).map { number in
                    (try? current.items()).flatMap { $0.indices.contains(number) ? $0[number] : nil }
                } ?? current.child(String(part))
        }
        return try? node?.text()
    }

    @Test("a value is set by number, by name, for all, and anew")
    func sets() throws {
        var document = try document()
        try document.set("items.0.size", "5")
        try document.set("items.two.size", "6")
        #expect(value(document, "items.0.size") == "5" && value(document, "items.1.size") == "6")
        try document.set("items.*.size", "7")
        #expect(value(document, "items.0.size") == "7" && value(document, "items.1.size") == "7")
        try document.set(assignment: "search.depth=10")
        #expect(value(document, "search.depth") == "10")
        try document.set("list", "[3, 4, 5]")
        #expect(try [Int](yaml: #require(document.root.child("list"))) == [3, 4, 5])
    }

    @Test("an equals sign in the value is part of it, and null leaves a setting out")
    func valuesAndNull() throws {
        var document = try document()
        try document.set(assignment: "name=dba:k=10;alphaqe:n=50,alpha=5")
        #expect(value(document, "name") == "dba:k=10;alphaqe:n=50,alpha=5")
        try document.set("items.one", "null")
        #expect(try document.root.child("items")?.items().count == 1)
        try document.set("name", "null")
        #expect(document.root.child("name") == nil)
    }

    @Test("a section of the file itself is applied, in its order")
    func section() throws {
        var document = try document()
        try document.applyOverrides(at: "rehearsal")
        #expect(value(document, "items.1.size") == "9" && value(document, "count") == "4")
    }

    @Test(
        "a wrong override is named in the error",
        arguments: [
            (
                "items.7.size=1",
                "override “items.7.size=1”: “items” is a list, and has no item “7”; it has 0 to 1, called one, two"
            ),
            ("items.three=1", "has no item “three”"),
            ("name.first=1", "“name” is “x”, and has nothing called “first”"),
            ("items..size=1", "a path is keys between dots"),
            ("nothing", "“nothing” sets nothing"),
            ("=1", "sets nothing"),
            ("list=[1", "override “list=[1”: this is no YAML"),
            ("list=&a 1", "anchors and aliases"),
        ])
    func mistakes(assignment: String, expected: String) throws {
        var document = try document()
        let found = refusal { try document.set(assignment: assignment) }
        #expect(found.contains(expected), "\(found)")
    }

    @Test("a value that an override put there is named when it is read")
    func reading() throws {
        var document = try YAMLDocument(text: "name: x\n", name: "s.yaml")
        try document.set("count", "many")
        let found = refusal { _ = try Settings(yaml: document.root) }
        #expect(found == "s.yaml, override “count=many”: “count” is “many”; it must be a whole number")
        try document.set("count", "3")
        try document.set("cuont", "3")
        #expect(
            refusal { _ = try Settings(yaml: document.root) }.contains(
                "override “cuont=3”: the file has no setting “cuont”"))
    }
}
