import CairnCore
import CairnEvaluation
import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What the sheets' tests share: pictures that are JPEG as far as their header, and a strict reader of pages.
enum SheetFixture {
    /// A name that tries everything: tags, quotes, entities, a comment's end, control and bidirectional characters.
    static let hostileName =
        "<script>alert(1)</script>\"onerror='x' & &lt; --> ]]> \u{01}\u{202E}gpj\u{2028}\u{FFFF}.jpg"

    /// Start of image, an APP0 segment, and a baseline frame header of the given size (ITU-T T.81, B.2.2).
    static func jpeg(width: Int, height: Int) -> Data {
        Data([
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0xFF, 0xC0, 0xFF, 0xC0, 0, 11, 8, UInt8(height >> 8), UInt8(height & 255),
            UInt8(width >> 8), UInt8(width & 255), 1, 1, 0x11, 0,
        ])
    }

    static func image(_ width: Int = 64, _ height: Int = 48) throws -> SheetImage {
        try SheetImage(jpeg: jpeg(width: width, height: height), limit: SheetImage.matchLimit)
    }

    /// Reads a page as XML, which forgives nothing.
    static func elements(of page: String) throws -> [PageElement] {
        let reader = PageReader()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = reader
        guard parser.parse() else {
            throw EvaluationError(.invalidInput, "line \(parser.lineNumber)", cause: parser.parserError)
        }
        return reader.elements
    }
}

/// An element with the text directly inside it.
struct PageElement {
    let name: String
    let attributes: [String: String]
    var text = ""
}

private final class PageReader: NSObject, XMLParserDelegate {
    var elements: [PageElement] = []
    private var open: [Int] = []

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
        attributes attributeDict: [String: String] = [:]
    ) {
        open.append(elements.count)
        elements.append(PageElement(name: elementName, attributes: attributeDict))
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
    ) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if let last = open.last { elements[last].text += string }
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        if let last = open.last { elements[last].text += String(decoding: block, as: UTF8.self) }
    }
}
