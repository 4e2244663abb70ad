import CairnCore
import Foundation

/// A JPEG small enough to be embedded in a sheet.
public struct SheetImage: Hashable, Sendable {
    /// The long side of a thumbnail, in pixels, at most.
    public static let thumbnailLimit = 320

    /// The long side of a picture in the match view, in pixels, at most.
    public static let matchLimit = 900

    /// The compressed bytes.
    public let jpeg: Data

    /// Width and height, read from the bytes.
    public let size: ImageSize

    /// Takes a JPEG. Throws `EvaluationError`: `invalidInput` when it is none, `limitExceeded` when its long side is over
    /// `limit`, because a sheet of full photos is one that nobody can open.
    public init(jpeg: Data, limit: Int) throws {
        guard let size = Self.frameSize(of: jpeg) else {
            throw EvaluationError(
                .invalidInput, "\(jpeg.count) bytes for a sheet are no JPEG: encode the picture as JPEG")
        }
        guard size.longSide <= limit else {
            throw EvaluationError(
                .limitExceeded, "a picture of \(size) is over the sheet's \(limit) pixels: scale it down")
        }
        self.jpeg = jpeg
        self.size = size
    }

    /// The picture as a `data:` address.
    public var dataURI: String { "data:image/jpeg;base64," + jpeg.base64EncodedString() }

    /// The size in the frame header (ITU-T T.81, B.2.2); `nil` when there is none. Bytes are read, nothing is decoded.
    private static func frameSize(of data: Data) -> ImageSize? {
        let bytes = [UInt8](data)
        guard bytes.count > 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var index = 2
        while index + 9 <= bytes.count, bytes[index] == 0xFF {
            let marker = bytes[index + 1]
            if marker == 0xFF {
                index += 1
                continue
            }
            let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
            if isFrame {
                let height = Int(bytes[index + 5]) << 8 | Int(bytes[index + 6])
                let width = Int(bytes[index + 7]) << 8 | Int(bytes[index + 8])
                return width > 0 && height > 0 ? ImageSize(width: width, height: height) : nil
            }
            index += 2 + (Int(bytes[index + 2]) << 8 | Int(bytes[index + 3]))
        }
        return nil
    }
}
