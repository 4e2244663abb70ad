import CairnCore
import CairnFeatures
import Foundation

/// Features of some photos and pairs of them, in a file that both sides of a benchmark read.
///
/// Little-endian: number of images (Int32); for each of them the number of keypoints n, width and height (Int32), x, y,
/// scale and angle (n Float32 each) and descriptors (128 n bytes); number of pairs (Int32); for each of them its two images
/// (Int32), whether they show the same thing (Int32), and the homography from the first to the second (9 Float64,
/// row-major, zeros where it is not known).
struct PairSet {
    struct Pair {
        var first: Int
        var second: Int
        var isTrue: Bool
        var homography: [Double] = Array(repeating: 0, count: 9)
    }

    var images: [LocalFeatures] = []
    var pairs: [Pair] = []

    init() {}

    init(contentsOf path: String) throws {
        var reader = Reader(bytes: try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped))
        for _ in 0..<Int(try reader.value(Int32.self)) {
            let count = Int(try reader.value(Int32.self))
            let size = ImageSize(width: Int(try reader.value(Int32.self)), height: Int(try reader.value(Int32.self)))
            images.append(
                LocalFeatures(
                    imageSize: size, x: try reader.values(Float.self, count: count),
                    y: try reader.values(Float.self, count: count), scale: try reader.values(Float.self, count: count),
                    angle: try reader.values(Float.self, count: count),
                    descriptors: try reader.values(UInt8.self, count: count * LocalFeatures.rootSIFTDimensions)))
        }
        for _ in 0..<Int(try reader.value(Int32.self)) {
            let header = try reader.values(Int32.self, count: 3)
            pairs.append(
                Pair(
                    first: Int(header[0]), second: Int(header[1]), isTrue: header[2] != 0,
                    homography: try reader.values(Double.self, count: 9)))
        }
    }

    func write(to path: String) throws {
        var bytes = Data()
        func append<Value>(_ values: [Value]) { values.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        append([Int32(images.count)])
        for image in images {
            append([Int32(image.count), Int32(image.imageSize.width), Int32(image.imageSize.height)])
            append(image.x + image.y + image.scale + image.angle)
            append(image.descriptors)
        }
        append([Int32(pairs.count)])
        for pair in pairs {
            append([Int32(pair.first), Int32(pair.second), pair.isTrue ? 1 : 0])
            append(pair.homography)
        }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}

/// Takes plain values off the front of some bytes.
struct Reader {
    let bytes: Data
    var offset = 0

    init(bytes: Data) { self.bytes = bytes }

    mutating func value<Value: BitwiseCopyable>(_ type: Value.Type) throws -> Value { try values(type, count: 1)[0] }

    mutating func values<Value: BitwiseCopyable>(_ type: Value.Type, count: Int) throws -> [Value] {
        let length = count * MemoryLayout<Value>.stride
        guard count >= 0, offset + length <= bytes.count else {
            throw BenchmarkError("a file of \(bytes.count) bytes ends before \(offset + length)")
        }
        defer { offset += length }
        return bytes.withUnsafeBytes { buffer in
            (0..<count).map {
                buffer.loadUnaligned(fromByteOffset: offset + $0 * MemoryLayout<Value>.stride, as: type)
            }
        }
    }
}
