import CairnCore
import CairnImaging
import Foundation
import Glibc

/// What the small files beside a photo say that it shows, and where it was taken.
///
/// Of `photo.jpg`: `photo.jpg.json` or `photo.json`, an object with `label` (text or a whole number), `latitude` and `longitude`,
/// of which none is needed and others are ignored; `photo.jpg.txt` or `photo.txt`, which hold the label alone;
/// `photo.jpg.xmp` or `photo.xmp`, see `XMPSidecar`. The label, and the place, are each taken from the first that has one.
public struct LabelSidecar: Sendable, Equatable {
    /// What it says the photo shows.
    public var label: ImageLabel?
    /// Where it says the photo was taken.
    public var place: GPSPosition?

    /// The largest file that is read, in bytes.
    static let maximumBytes: Int64 = 1 << 22

    /// Reads what lies beside a photo; `nil` where there is nothing.
    ///
    /// Throws `CollectionError` of kind `invalidInput`, with the file, for one that is not what its name says.
    public static func read(besides photo: String) throws -> LabelSidecar? {
        var found: LabelSidecar?
        for (suffix, parse) in kinds {
            guard let file = names(photo, suffix).first(where: { access($0, F_OK) == 0 }) else { continue }
            let next: LabelSidecar
            do {
                next = try parse(content(file))
            } catch let error as CollectionError where error.kind == .invalidInput {
                throw CollectionError(.invalidInput, "\(file): \(error.message)")
            }
            found = LabelSidecar(label: found?.label ?? next.label, place: found?.place ?? next.place)
        }
        return found
    }

    private static let kinds: [(suffix: String, parse: @Sendable (Data) throws -> LabelSidecar)] = [
        ("json", { try LabelSidecar(json: $0) }), ("txt", { try LabelSidecar(text: $0) }),
        ("xmp", { try XMPSidecar(parsing: $0).sidecar }),
    ]

    private static func names(_ photo: String, _ suffix: String) -> [String] {
        let stem = (photo as NSString).deletingPathExtension
        return ["\(photo).\(suffix)", "\(stem).\(suffix)"]
    }

    private static func content(_ path: String) throws -> Data {
        // A pipe without a writer would keep us waiting.
        let file = try PosixFile(path: path, flags: O_RDONLY | O_NONBLOCK)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw CollectionError(.invalidInput, "not a file") }
        guard status.st_size <= maximumBytes else {
            throw CollectionError(.invalidInput, "\(status.st_size) bytes are too many for a file beside a photo")
        }
        return Data(try file.read(count: Int(status.st_size), at: 0))
    }

    /// The label alone, one line.
    init(text: Data) throws {
        guard let line = String(data: text, encoding: .utf8) else {
            throw CollectionError(.invalidInput, "not UTF-8 text")
        }
        let start = line.unicodeScalars.first == "\u{FEFF}" ? line.unicodeScalars.dropFirst() : line.unicodeScalars[...]
        label = try ImageLabel(validating: String(start).trimmingCharacters(in: .newlines))
    }

    /// An object.
    init(json: Data) throws {
        let record: JSONRecord
        do {
            record = try JSONDecoder().decode(JSONRecord.self, from: json)
        } catch {
            throw CollectionError(
                .invalidInput,
                "not an object of the form {\"label\": \"…\", \"latitude\": 0.0, \"longitude\": 0.0}")
        }
        label = try record.label.map(ImageLabel.init(validating:))
        place = try GPSPosition.validated(latitude: record.latitude, longitude: record.longitude)
    }

    init(label: ImageLabel?, place: GPSPosition?) { (self.label, self.place) = (label, place) }

    private struct JSONRecord: Decodable {
        var label: String?
        var latitude: Double?
        var longitude: Double?

        enum CodingKeys: String, CodingKey { case label, latitude, longitude }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            if let number = try? values.decodeIfPresent(Int64.self, forKey: .label) {
                label = String(number)
            } else {
                label = try values.decodeIfPresent(String.self, forKey: .label)
            }
            latitude = try values.decodeIfPresent(Double.self, forKey: .latitude)
            longitude = try values.decodeIfPresent(Double.self, forKey: .longitude)
        }
    }
}
