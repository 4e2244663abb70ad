import Foundation

/// What an image is known to show. Of an image without a label nothing is known.
public enum ImageLabel: Hashable, Sendable {
    /// A landmark, product or place, by its name: the class of which every other image shows the same.
    case landmark(String)
    /// None of the landmarks: an image to be searched among that is never right.
    case nonLandmark

    /// The word for `nonLandmark` in files and names of folders. No landmark may be called so.
    public static let nonLandmarkName = "_distractor"

    /// The longest name of a landmark, in bytes of UTF-8.
    public static let maximumNameBytes = 1_000

    /// The landmark's name.
    public var landmarkName: String? {
        guard case .landmark(let name) = self else { return nil }
        return name
    }

    /// Reads a name as people write it: `_distractor` is `nonLandmark`, all others are landmarks.
    ///
    /// Throws `CollectionError` when it cannot be a name; see `name(validating:)`.
    public init(validating text: String) throws {
        let name = try Self.name(validating: text)
        self = name == Self.nonLandmarkName ? .nonLandmark : .landmark(name)
    }

    /// A name in the one spelling that is stored: without spaces around it, in Unicode's composed form, because file systems
    /// differ in how they spell an accent.
    ///
    /// Throws `CollectionError` of kind `invalidInput` for one that is empty, has line breaks or other control characters, or
    /// is longer than `maximumNameBytes`. O(length).
    public static func name(validating text: String) throws -> String {
        func refuse(_ reason: String) -> CollectionError {
            let shown = text.unicodeScalars.prefix(40).map { $0.isControl ? "\u{FFFD}" : String($0) }.joined()
            let rest = text.unicodeScalars.dropFirst(40).isEmpty ? "" : "…"
            return CollectionError(.invalidInput, "“\(shown)\(rest)” cannot be a label: \(reason)")
        }
        // Most names, at a tenth of the cost.
        let space = UInt8(ascii: " ")
        if (1...maximumNameBytes).contains(text.utf8.count), text.utf8.first != space, text.utf8.last != space,
            text.utf8.allSatisfy({ (space..<0x7F).contains($0) })
        {
            return text
        }
        guard text.utf8.count <= 4 * maximumNameBytes else { throw refuse("it has \(text.utf8.count) bytes") }
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw refuse("it has a line break or another control character")
        }
        let name = text.trimmingCharacters(in: .whitespaces).precomposedStringWithCanonicalMapping
        guard !name.isEmpty else { throw refuse("it is empty") }
        guard name.utf8.count <= maximumNameBytes else {
            throw refuse("it has \(name.utf8.count) bytes; \(maximumNameBytes) are the most")
        }
        return name
    }
}

/// Where a label or a place came from.
public enum LabelSource: String, Sendable, Codable, CaseIterable {
    /// The name of a folder.
    case folder
    /// A table.
    case csv
    /// A file beside the photo.
    case sidecar
    /// A person or a program, one image at a time.
    case hand
}

extension Unicode.Scalar {
    /// Whether it is a control character or breaks a line.
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
