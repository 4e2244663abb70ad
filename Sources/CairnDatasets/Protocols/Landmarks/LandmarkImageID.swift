/// The name of a photo of Google Landmarks: 16 hexadecimal digits, kept in eight bytes.
public struct LandmarkImageID: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The digits as a number.
    public var rawValue: UInt64

    /// Makes an identifier of a number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Reads 16 digits in lower case, as all files of the data set have them; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard let id = bytes.withUnsafeBytes({ Self(ascii: $0) }) else { return nil }
        self = id
    }

    /// Reads 16 digits.
    init?(ascii bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        rawValue = value
    }

    /// The digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 16) { digits in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: rawValue >> UInt64(60 - 4 * index)) & 15
                digits[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }

    /// Where the photo lies below its part's folder: `0/1/2/0123456789abcdef.jpg`.
    public var path: String {
        let name = description
        let folders = name.prefix(3).map { "\($0)/" }.joined()
        return folders + name + ".jpg"
    }

    /// In the order of their digits.
    public static func < (left: LandmarkImageID, right: LandmarkImageID) -> Bool { left.rawValue < right.rawValue }
}
