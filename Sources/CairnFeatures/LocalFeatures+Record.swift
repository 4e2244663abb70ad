import CairnCore

/// The stored form of local features, little-endian and without padding; 16 + 136 bytes a keypoint:
///
/// | bytes | what |
/// |---|---|
/// | 4 | number of keypoints n |
/// | 4, 4 | image width and height |
/// | 4 | zero |
/// | 128 n | descriptors |
/// | 2 n each | x, y, scale, angle |
///
/// Positions are stored in steps of 1/65,535 of the long side (1/64 px at 1,024 px), scales in steps of 1/4,096 of an octave
/// from 1/16 px to 4,096 px, angles in steps of 1/65,536 of a turn.
extension LocalFeatures {
    static let headerBytes = 16
    static let geometryBytes = 8
    static let bytesPerKeypoint = dimensions + geometryBytes

    /// The record, `16 + 136 * count` bytes.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerBytes + count * Self.bytesPerKeypoint)
        for value in [count, imageSize.width, imageSize.height, 0] {
            withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: descriptors)
        let longSide = Float(imageSize.longSide)
        func append(_ values: [Float], _ quantise: (Float) -> Float) {
            for value in values {
                let step = UInt16(min(65_535, max(0, quantise(value).rounded())))
                withUnsafeBytes(of: step.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        append(x) { $0 / longSide * 65_535 }
        append(y) { $0 / longSide * 65_535 }
        append(scale) { (log2Float(max($0, 1 / 16)) + 4) * 4_096 }
        // A whole turn is no turn: 65,536 would not fit.
        append(angle) { ($0 / (2 * .pi) * 65_536).rounded().truncatingRemainder(dividingBy: 65_536) }
        return bytes
    }

    /// Reads a record back. Throws `FeatureError` when it is not one.
    public init(record: UnsafeRawBufferPointer) throws {
        let view = try LocalFeaturesView(record: record)
        self.init(
            imageSize: view.imageSize, x: view.column(.x), y: view.column(.y), scale: view.column(.scale),
            angle: view.column(.angle), descriptors: Array(view.descriptors))
    }
}

/// A stored record, read where it lies: descriptors are not copied. Valid as long as the bytes behind it are.
public struct LocalFeaturesView {
    /// The number of keypoints.
    public let count: Int
    /// Size of the image in which the keypoints were found.
    public let imageSize: ImageSize
    private let bytes: UnsafeRawBufferPointer

    /// One of a keypoint's four numbers.
    public enum Column: Int, CaseIterable, Sendable {
        /// Pixels from the left edge.
        case x
        /// Pixels from the top edge.
        case y
        /// Keypoint size σ, in pixels.
        case scale
        /// Dominant direction, radians in [0, 2π).
        case angle
    }

    /// Checks a record's header against its length. Throws `FeatureError` when they disagree.
    public init(record: UnsafeRawBufferPointer) throws {
        guard record.count >= LocalFeatures.headerBytes else {
            throw FeatureError(.corrupted, "a feature record has only \(record.count) bytes; index the image again")
        }
        func word(_ index: Int) -> Int {
            Int(UInt32(littleEndian: record.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
        }
        count = word(0)
        imageSize = ImageSize(width: word(1), height: word(2))
        let expected = LocalFeatures.headerBytes + count * LocalFeatures.bytesPerKeypoint
        guard record.count == expected, word(3) == 0, imageSize.width > 0, imageSize.height > 0 else {
            throw FeatureError(
                .corrupted,
                "a feature record of \(record.count) bytes says that it has \(count) keypoints; index the image again")
        }
        bytes = record
    }

    /// `count * 128` bytes.
    public var descriptors: UnsafeRawBufferPointer {
        let start = LocalFeatures.headerBytes
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count * LocalFeatures.dimensions)])
    }

    /// One number of every keypoint. Complexity: O(count).
    public func column(_ column: Column) -> [Float] {
        let start = LocalFeatures.headerBytes + count * (LocalFeatures.dimensions + 2 * column.rawValue)
        let longSide = Float(imageSize.longSide)
        return (0..<count).map { index in
            let step = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 2 * index, as: UInt16.self))
            switch column {
            case .x, .y: return Float(step) * longSide / 65_535
            case .scale: return exp2Float(Float(step) / 4_096 - 4)
            case .angle: return Float(step) * (2 * .pi / 65_536)
            }
        }
    }
}
