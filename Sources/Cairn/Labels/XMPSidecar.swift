import CairnCore
import CairnImaging
import Foundation
import FoundationXML

/// What an XMP file says of a photo: how photo managers keep keywords and places (ISO 16684-1).
///
/// The label is the first location's name (`Iptc4xmpExt:LocationName`), else what follows "landmark|" in a hierarchical keyword
/// (`lr:hierarchicalSubject`), else the only keyword (`dc:subject`); several keywords decide nothing. The place is
/// `exif:GPSLatitude` and `exif:GPSLongitude`. Names are known by the prefixes that all writers use. A file with a document type
/// is refused: XMP has none, and entities could be made to grow without bound.
struct XMPSidecar {
    let sidecar: LabelSidecar

    init(parsing data: Data) throws {
        guard let text = String(data: data, encoding: .utf8) else {
            throw CollectionError(.invalidInput, "not UTF-8 text")
        }
        guard !text.utf8.contains("<!DOCTYPE".utf8), !text.utf8.contains("<!ENTITY".utf8) else {
            throw CollectionError(.invalidInput, "XMP with a document type, which may not be")
        }
        let reader = Reader()
        let parser = XMLParser(data: data)
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        // The parser takes a document that ends too early for a whole one.
        guard parser.parse(), reader.isXMP, reader.open.isEmpty else {
            throw CollectionError(.invalidInput, "not XMP, or damaged in line \(parser.lineNumber)")
        }
        let keywords = Set(reader.keywords).count == 1 ? reader.keywords.first : nil
        let branch = reader.hierarchies.first { $0.lowercased().hasPrefix("landmark|") }?.split(separator: "|").last
        let name = reader.locationName ?? branch.map(String.init) ?? keywords
        sidecar = LabelSidecar(
            label: try name.map(ImageLabel.init(validating:)),
            place: try GPSPosition.validated(
                latitude: reader.latitude.map { try Self.degrees($0, "NS") },
                longitude: reader.longitude.map { try Self.degrees($0, "EW") })
        )
    }

    /// "48,51.5N" or "48,51,30N": degrees, minutes, seconds, and the half of the Earth.
    static func degrees(_ text: String, _ halves: String) throws -> Double {
        let numbers = text.dropLast().split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard let half = text.last, halves.contains(half), (2...3).contains(numbers.count),
            numbers.allSatisfy({ $0.map { $0 >= 0 && $0.isFinite } ?? false })
        else { throw CollectionError(.invalidInput, "“\(text.prefix(40))” is no coordinate of XMP") }
        let value = zip(numbers, [1.0, 60, 3_600]).reduce(0) { $0 + ($1.0 ?? 0) / $1.1 }
        return half == halves.last ? -value : value
    }

    /// Collects the properties, which may be elements or attributes.
    private final class Reader: NSObject, XMLParserDelegate {
        var isXMP = false
        var locationName: String?
        var hierarchies: [String] = []
        var keywords: [String] = []
        var latitude: String?
        var longitude: String?
        /// Elements that were opened and not yet closed.
        var open: [String] = []
        private var text = ""

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            open.append(name)
            text = ""
            if name == "rdf:RDF" { isXMP = true }
            // Deeper than any writer goes.
            if open.count > 64 { parser.abortParsing() }
            for (key, value) in attributes { take(key, value) }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
            // Lists are rdf:Bag, rdf:Seq or rdf:Alt of rdf:li; the property is the element around them.
            let property = name == "rdf:li" ? open.dropLast(2).last : name
            if let property, !value.isEmpty { take(property, value) }
            _ = open.popLast()
            text = ""
        }

        private func take(_ property: String, _ value: String) {
            switch property {
            case "Iptc4xmpExt:LocationName": locationName = locationName ?? value
            case "lr:hierarchicalSubject": hierarchies.append(value)
            case "dc:subject": keywords.append(value)
            case "exif:GPSLatitude": latitude = value
            case "exif:GPSLongitude": longitude = value
            default: break
            }
        }
    }
}
