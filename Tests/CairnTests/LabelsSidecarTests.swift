import CairnCore
import Foundation
import Testing

@testable import Cairn

@Suite("Sidecars") struct LabelsSidecarTests {
    /// Reads what lies beside photo.jpg in a folder with these files.
    private func read(_ files: [String: String]) throws -> LabelSidecar? {
        let fixture = try CollectionFixture()
        for (name, content) in files { try fixture.write(content, to: name) }
        return try LabelSidecar.read(besides: fixture.path("photo.jpg"))
    }

    private func refusal(_ files: [String: String]) -> String? {
        #expect(throws: CollectionError.self) { try read(files) }?.message
    }

    @Test("JSON and text beside a photo give its label and place")
    func plain() throws {
        #expect(try read([:]) == nil)
        let full = try #require(
            try read(["photo.jpg.json": #"{"label": "Old Bridge", "latitude": -45.5, "longitude": 7, "other": [1]}"#]))
        #expect(full.label == .landmark("Old Bridge") && full.place?.latitude == -45.5 && full.place?.longitude == 7)
        #expect(try read(["photo.json": #"{"label": 1234}"#])?.label == .landmark("1234"))
        #expect(try read(["photo.json": "{}"]) == LabelSidecar(label: nil, place: nil))
        #expect(try read(["photo.txt": "\u{FEFF}Caf\u{E9}\r\n"])?.label == .landmark("Caf\u{E9}"))
        #expect(try read(["photo.jpg.txt": "_distractor\n", "photo.txt": "other"])?.label == .nonLandmark)
        let both = try read(["photo.json": #"{"latitude": 1, "longitude": 2}"#, "photo.txt": "Tower"])
        #expect(both?.label == .landmark("Tower") && both?.place?.latitude == 1)
    }

    @Test("A file that is not what its name says is named with what is wrong")
    func refused() {
        #expect(refusal(["photo.json": "[1, 2]"])?.contains("photo.json: not an object") == true)
        #expect(refusal(["photo.json": #"{"label": ["a"]}"#])?.contains("not an object") == true)
        #expect(refusal(["photo.json": #"{"latitude": 1}"#])?.contains("without a longitude") == true)
        #expect(refusal(["photo.json": #"{"latitude": 91, "longitude": 0}"#])?.contains("-90 to 90") == true)
        #expect(refusal(["photo.json": #"{"label": " "}"#])?.contains("it is empty") == true)
        #expect(refusal(["photo.txt": ""])?.contains("it is empty") == true)
        #expect(refusal(["photo.txt": "two\nlines"])?.contains("line break") == true)
        #expect(refusal(["photo.txt": String(repeating: "x", count: 1 << 20)])?.contains("1048576 bytes") == true)
        #expect(refusal(["photo.txt": String(repeating: "x", count: 5 << 20)])?.contains("too many") == true)
        #expect(refusal(["photo.xmp": "hello"])?.contains("not XMP") == true)
        #expect(refusal(["photo.txt/file": "x"])?.contains("not a file") == true)
    }

    private func xmp(_ body: String, attributes: String = "", prolog: String = "") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>\(prolog)
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
          xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
          \(attributes)>\(body)</rdf:Description></rdf:RDF></x:xmpmeta>
        """
    }

    private func list(_ property: String, _ values: String...) -> String {
        "<\(property)><rdf:Bag>" + values.map { "<rdf:li>\($0)</rdf:li>" }.joined() + "</rdf:Bag></\(property)>"
    }

    @Test("XMP gives the location's name, a keyword below “landmark”, or the only keyword, and the GPS position")
    func extensible() throws {
        let position = #"exif:GPSLatitude="33,51.414S" exif:GPSLongitude="151,12,54E""#
        let found = try #require(
            try read(["photo.xmp": xmp(list("dc:subject", "Opera &amp; House"), attributes: position)]))
        #expect(found.label == .landmark("Opera & House"))
        // 33 + 51.414 / 60 and 151 + 12 / 60 + 54 / 3600.
        #expect(abs((found.place?.latitude ?? 0) + 33.8569) < 1e-12)
        #expect(abs((found.place?.longitude ?? 0) - 151.215) < 1e-12)
        #expect(try read(["photo.jpg.xmp": xmp(list("dc:subject", "a", "b"))]) == LabelSidecar(label: nil, place: nil))
        let branch = list("lr:hierarchicalSubject", "year|2024", "Landmark|Sydney|Opera")
        #expect(try read(["photo.xmp": xmp(list("dc:subject", "a", "b") + branch)])?.label == .landmark("Opera"))
        let location = list(
            "Iptc4xmpExt:LocationShown",
            "<rdf:Description><Iptc4xmpExt:LocationName>Tower</Iptc4xmpExt:LocationName></rdf:Description>")
        #expect(try read(["photo.xmp": xmp(branch + location)])?.label == .landmark("Tower"))
        let elements = "<exif:GPSLatitude>1,30N</exif:GPSLatitude><exif:GPSLongitude>2,0W</exif:GPSLongitude>"
        #expect(try read(["photo.xmp": xmp(elements)])?.place?.latitude == 1.5)
        #expect(try read(["photo.xmp": xmp(elements)])?.place?.longitude == -2)
    }

    @Test("XMP that would expand without bound, is cut off, or has odd coordinates is refused")
    func hostile() {
        let bomb = #"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#
        #expect(refusal(["photo.xmp": xmp(list("dc:subject", "&b;"), prolog: bomb)])?.contains("document type") == true)
        let file = #"<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>"#
        #expect(refusal(["photo.xmp": xmp(list("dc:subject", "&a;"), prolog: file)])?.contains("document type") == true)
        #expect(refusal(["photo.xmp": xmp(list("dc:subject", "&unknown;"))])?.contains("not XMP") == true)
        #expect(refusal(["photo.xmp": String(xmp(list("dc:subject", "a")).dropLast(40))])?.contains("damaged") == true)
        let deep = String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100)
        #expect(refusal(["photo.xmp": xmp(deep)])?.contains("not XMP") == true)
        for odd in ["33N", "33,51", "a,bN", "33,51.4X", "", "-1,0N", "91,0N", "1,2,3,4N"] {
            let attributes = "exif:GPSLatitude=\"\(odd)\" exif:GPSLongitude=\"1,0E\""
            #expect(throws: CollectionError.self) { try read(["photo.xmp": xmp("", attributes: attributes)]) }
        }
    }
}
