/// Where a map's raster tiles come from: square pictures of 256 pixels in the Web-Mercator scheme.
public struct MapTiles: Hashable, Sendable {
    /// Scheme, host and port, of characters that a content security policy can hold.
    struct Origin: Hashable, Sendable { let text: String }

    /// An address with `{z}`, `{x}` and `{y}`.
    public let template: String
    /// What the tiles' maker wants to be shown.
    public let attribution: String
    /// Where the attribution leads; `nil` for nowhere.
    public let attributionAddress: String?
    /// The deepest zoom there are tiles for, 0...22.
    public let maximumZoom: Int
    /// Whether the server refuses pages that do not say where they come from, as pages opened from a disk cannot. Such a page
    /// asks for no tiles and says why.
    public let needsReferrer: Bool

    let origin: Origin

    /// OpenStreetMap's own server. Its usage policy asks for light use; a server of one's own is kinder from some thousand
    /// views a day on. It wants a Referer, so its tiles are there on pages from a web server, and not on files opened from a
    /// disk. Whoever opens the page tells the server which part of the world is looked at.
    public static let openStreetMap = MapTiles(
        template: "https://tile.openstreetmap.org/{z}/{x}/{y}.png", attribution: "© OpenStreetMap contributors",
        attributionAddress: "https://www.openstreetmap.org/copyright", maximumZoom: 19,
        needsReferrer: true, origin: Origin(text: "https://tile.openstreetmap.org"))

    /// Takes an address such as `https://tiles.example.org/{z}/{x}/{y}.png`.
    ///
    /// Throws `EvaluationError.invalidArgument` when it is none: not `https:` or `http:`, a host of other characters than
    /// letters, digits, dots and hyphens, a placeholder missing or unknown, or a character that a URL has not.
    public init(
        template: String, attribution: String, attributionAddress: String? = nil, maximumZoom: Int = 19,
        needsReferrer: Bool = false
    ) throws {
        guard (0...22).contains(maximumZoom) else {
            throw EvaluationError(.invalidArgument, "a deepest tile zoom of \(maximumZoom): give 0 to 22")
        }
        guard let origin = Self.origin(of: template) else {
            throw EvaluationError(
                .invalidArgument, "'\(template)' is no tile address: give https://HOST/…, ASCII, with {z}, {x} and {y}")
        }
        for placeholder in ["{z}", "{x}", "{y}"] where !template.contains(placeholder) {
            throw EvaluationError(.invalidArgument, "the tile address '\(template)' lacks \(placeholder)")
        }
        if let address = attributionAddress, Self.origin(of: address) == nil {
            throw EvaluationError(.invalidArgument, "'\(address)' is no web address for the tiles' attribution")
        }
        self.init(
            template: template, attribution: attribution, attributionAddress: attributionAddress,
            maximumZoom: maximumZoom, needsReferrer: needsReferrer, origin: origin)
    }

    private init(
        template: String, attribution: String, attributionAddress: String?, maximumZoom: Int, needsReferrer: Bool,
        origin: Origin
    ) {
        self.template = template
        self.attribution = attribution
        self.attributionAddress = attributionAddress
        self.maximumZoom = maximumZoom
        self.needsReferrer = needsReferrer
        self.origin = origin
    }

    /// The origin of an address that has one and nothing strange in it.
    private static func origin(of address: String) -> Origin? {
        guard let scheme = ["https://", "http://"].first(where: address.hasPrefix) else { return nil }
        var rest = address.dropFirst(scheme.count)
        for placeholder in ["{z}", "{x}", "{y}"] where rest.contains(placeholder) {
            guard let range = rest.range(of: placeholder) else { continue }
            // A placeholder in the host would make the policy's origin meaningless.
            guard rest[..<range.lowerBound].contains("/") else { return nil }
            rest.replaceSubrange(range, with: "0")
        }
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count <= 2, let first = name.utf8.first, isLetterOrDigit(first),
            name.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
        else { return nil }
        if parts.count == 2, UInt16(parts[1]) == nil { return nil }
        let plain = Set("-._~:/?#@!$&()*+,;=%".utf8)
        guard rest.utf8.allSatisfy({ isLetterOrDigit($0) || plain.contains($0) }) else { return nil }
        return Origin(text: scheme + host)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
