import CairnCore

/// The stored form of local features, little-endian and without padding:
///
/// | bytes | what |
/// |---|---|
/// | 4 | number of keypoints n |
/// | 4, 4 | image width and height |
/// | 4 | kind: zero for RootSIFT; else bytes in a descriptor (16 bits), quantisation (8 bits), 1 if without orientation (8 bits) |
/// | dimensions × n | descriptors |
/// | 2 n each | x, y, and scale, angle where keypoints are oriented |
///
/// So RootSIFT takes 16 + 136 bytes a keypoint. Positions are stored in steps of 1/65,535 of the long side (1/64 px at
/// 1,024 px), scales in steps of 1/4,096 of an octave from 1/16 px to 4,096 px, angles in steps of 1/65,536 of a turn.
extension LocalFeatures {
    static let headerBytes = 16

    /// The record, `16 + 136 * count` bytes of RootSIFT.
    public func encoded() -> [UInt8] {
        let layout = RecordLayout(dimensions: dimensions, isOriented: isOriented, quantization: quantization)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerBytes + count * layout.bytesPerKeypoint)
        for value in [UInt32(count), UInt32(imageSize.width), UInt32(imageSize.height), layout.code] {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
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
        guard isOriented else { return bytes }
        append(scale) { (log2Float(max($0, 1 / 16)) + 4) * 4_096 }
        // A whole turn is no turn: 65,536 would not fit.
        append(angle) { ($0 / (2 * .pi) * 65_536).rounded().truncatingRemainder(dividingBy: 65_536) }
        return bytes
    }

    /// Reads a record back. Throws `FeatureError` when it is not one.
    public init(record: UnsafeRawBufferPointer) throws {
        let view = try LocalFeaturesView(record: record)
        self.init(
            imageSize: view.imageSize, dimensions: view.dimensions, isOriented: view.isOriented,
            quantization: view.quantization, x: view.column(.x), y: view.column(.y), scale: view.column(.scale),
            angle: view.column(.angle), descriptors: Array(view.descriptors))
    }
}

/// What kind of features a record holds, and so how many bytes each takes.
private struct RecordLayout {
    var dimensions: Int
    var isOriented: Bool
    var quantization: DescriptorQuantization

    var bytesPerKeypoint: Int { dimensions + (isOriented ? 8 : 4) }

    /// Zero for RootSIFT, which is all that the first records held.
    var code: UInt32 {
        if dimensions == LocalFeatures.rootSIFTDimensions && isOriented && quantization == .unsigned { return 0 }
        return UInt32(dimensions) | UInt32(quantization.rawValue) << 16 | (isOriented ? 0 : 1 << 24)
    }

    init(dimensions: Int, isOriented: Bool, quantization: DescriptorQuantization) {
        self.dimensions = dimensions
        self.isOriented = isOriented
        self.quantization = quantization
    }

    /// Reads a code; `nil` for one that nothing writes.
    init?(code: UInt32) {
        guard code != 0 else {
            self.init(dimensions: LocalFeatures.rootSIFTDimensions, isOriented: true, quantization: .unsigned)
            return
        }
        guard let quantization = DescriptorQuantization(rawValue: UInt8(code >> 16 & 0xFF)), code >> 24 <= 1,
            LocalFeatures.supportedDimensions.contains(Int(code & 0xFFFF))
        else { return nil }
        self.init(dimensions: Int(code & 0xFFFF), isOriented: code >> 24 == 0, quantization: quantization)
    }
}

/// A stored record, read where it lies: descriptors are not copied. Valid as long as the bytes behind it are.
public struct LocalFeaturesView {
    /// The number of keypoints.
    public let count: Int
    /// Size of the image in which the keypoints were found.
    public let imageSize: ImageSize
    /// Bytes in a descriptor.
    public var dimensions: Int { layout.dimensions }
    /// Whether keypoints know their scale and direction.
    public var isOriented: Bool { layout.isOriented }
    /// How the descriptors' bytes were made.
    public var quantization: DescriptorQuantization { layout.quantization }

    private let layout: RecordLayout
    private let bytes: UnsafeRawBufferPointer

    /// One of a keypoint's four numbers.
    public enum Column: Int, CaseIterable, Sendable {
        /// Pixels from the left edge.
        case x
        /// Pixels from the top edge.
        case y
        /// Keypoint size σ, in pixels; 1 where keypoints are not oriented.
        case scale
        /// Dominant direction, radians in [0, 2π); 0 where keypoints are not oriented.
        case angle
    }

    /// Checks a record's header against its length. Throws `FeatureError` when they disagree.
    public init(record: UnsafeRawBufferPointer) throws {
        guard record.count >= LocalFeatures.headerBytes else {
            throw FeatureError(.corrupted, "a feature record has only \(record.count) bytes; index the image again")
        }
        func word(_ index: Int) -> UInt32 {
            UInt32(littleEndian: record.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
        }
        count = Int(word(0))
        imageSize = ImageSize(width: Int(word(1)), height: Int(word(2)))
        guard let layout = RecordLayout(code: word(3)),
            record.count == LocalFeatures.headerBytes + count * layout.bytesPerKeypoint, imageSize.width > 0,
            imageSize.height > 0
        else {
            throw FeatureError(
                .corrupted,
                "a feature record of \(record.count) bytes says that it has \(count) keypoints; index the image again")
        }
        self.layout = layout
        bytes = record
    }

    /// `count * dimensions` bytes.
    public var descriptors: UnsafeRawBufferPointer {
        let start = LocalFeatures.headerBytes
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count * dimensions)])
    }

    /// One number of every keypoint. Complexity: O(count).
    public func column(_ column: Column) -> [Float] {
        if !isOriented && (column == .scale || column == .angle) {
            return [Float](repeating: column == .scale ? 1 : 0, count: count)
        }
        let start = LocalFeatures.headerBytes + count * (dimensions + 2 * column.rawValue)
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
