import Foundation
import Testing

/// What every page must hold to, whatever it shows.
enum PageChecks {
    /// Well-formed, with its own two scripts and no handler, nothing hidden in its text, every picture and button named, and
    /// nothing loaded but from inside. Returns the elements.
    @discardableResult
    static func expectSound(
        _ page: String, imageSource: String? = nil, at location: SourceLocation = #_sourceLocation
    ) throws -> [PageElement] {
        let elements = try SheetFixture.elements(of: page)
        #expect(elements.count { $0.name == "script" } == 2, sourceLocation: location)
        #expect(page.components(separatedBy: "</script>").count == 3, sourceLocation: location)
        let handlers = elements.flatMap(\.attributes.keys).filter { $0.hasPrefix("on") }
        #expect(handlers.isEmpty, sourceLocation: location)
        for forbidden in ["\u{01}", "\u{202E}", "\u{2028}", "\u{FFFF}"] {
            #expect(!page.contains(forbidden), sourceLocation: location)
        }
        for element in elements {
            if let source = element.attributes["src"] {
                #expect(source.hasPrefix("data:"), sourceLocation: location)
            }
            if element.name == "img" {
                #expect(element.attributes["alt"]?.isEmpty == false, sourceLocation: location)
            }
            if element.name == "button" {
                let hasName = element.attributes["aria-label"] != nil || !element.text.isEmpty
                #expect(hasName || element.attributes["data-spot"] != nil, sourceLocation: location)
            }
        }
        let ids = elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count, "an id twice", sourceLocation: location)
        let policy = elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"]
        let images = "img-src data:\(imageSource.map { " " + $0 } ?? "");"
        #expect(policy?.hasPrefix("default-src 'none'; \(images)") == true, sourceLocation: location)
        if imageSource == nil {
            for scheme in ["http:", "https:", "//cdn", "@import"] {
                #expect(!page.lowercased().contains(scheme), "\(scheme)", sourceLocation: location)
            }
        }
        return elements
    }

    /// The page's data as JSON.
    static func data(of page: String) throws -> Any {
        let script = try #require(try SheetFixture.elements(of: page).first { $0.attributes["id"] == "data" })
        return try JSONSerialization.jsonObject(with: Data(script.text.utf8))
    }
}
