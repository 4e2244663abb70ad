import CairnCore
import Testing

@testable import CairnFeatures

@Suite("Records of local features")
struct LocalFeaturesRecordTests {
    private func sample(count: Int) -> LocalFeatures {
        let steps = (0..<count).map(Float.init)
        return LocalFeatures(
            imageSize: ImageSize(width: 1024, height: 683), x: steps.map { 0.3 + $0 * 7.77 },
            y: steps.map { 0.6 + $0 * 5.1 },
            scale: steps.map { 0.9 * exp2Float($0 / 20) }, angle: steps.map { $0 * 0.049 },
            descriptors: (0..<(count * 128)).map { UInt8($0 * 31 % 256) })
    }

    @Test("a record gives back what went in, to the documented steps")
    func roundTrip() throws {
        let features = sample(count: 125)
        let record = features.encoded()
        #expect(record.count == 16 + 136 * 125)
        let read = try record.withUnsafeBytes { try LocalFeatures(record: $0) }
        #expect(read.imageSize == features.imageSize)
        #expect(read.descriptors == features.descriptors)
        for index in 0..<features.count {
            #expect(abs(read.x[index] - features.x[index]) <= 0.5 / 64 + 1e-4)
            #expect(abs(read.y[index] - features.y[index]) <= 0.5 / 64 + 1e-4)
            #expect(abs(read.scale[index] / features.scale[index] - 1) < 1e-4)
            #expect(abs(read.angle[index] - features.angle[index]) < 1e-4)
        }
    }

    @Test("an angle just short of a whole turn becomes no turn")
    func wholeTurn() throws {
        var features = sample(count: 1)
        features.angle = [Float(2 * Double.pi).nextDown]
        let read = try features.encoded().withUnsafeBytes { try LocalFeatures(record: $0) }
        #expect(read.angle == [0])
    }

    @Test("no keypoints make a record too")
    func emptyRecord() throws {
        let empty = LocalFeatures(emptyFor: ImageSize(width: 5, height: 4))
        #expect(try empty.encoded().withUnsafeBytes { try LocalFeatures(record: $0) } == empty)
    }

    @Test("a network's features come back, and take 68 bytes a keypoint of 64 dimensions", arguments: [64, 96, 256])
    func learnedRoundTrip(entries: Int) throws {
        let count = 9
        let features = LocalFeatures(
            imageSize: ImageSize(width: 640, height: 480), x: (0..<count).map { 5 + 60 * Float($0) },
            y: (0..<count).map { 3 + 50 * Float($0) },
            unitDescriptors: (0..<count * entries).map { Float($0 % 17 - 8) / 40 }, entries: entries)
        let dimensions = (entries + 63) / 64 * 64
        let record = features.encoded()
        #expect(record.count == 16 + (dimensions + 4) * count)
        let read = try record.withUnsafeBytes { try LocalFeatures(record: $0) }
        #expect(read.dimensions == dimensions && !read.isOriented && read.quantization == .signed)
        #expect(read.descriptors == features.descriptors && read.count == count)
        #expect(read.scale == [Float](repeating: 1, count: count) && read.angle == [Float](repeating: 0, count: count))
        for index in 0..<count { #expect(abs(read.x[index] - features.x[index]) < 0.01) }
        for length in [0, 15, 16, record.count - 1] {
            #expect(throws: FeatureError.self) {
                try Array(record.prefix(length)).withUnsafeBytes { try LocalFeatures(record: $0) }
            }
        }
    }

    @Test(
        "a kind that nothing writes is refused",
        arguments: [1, 100, 1 << 24, 64 | 9 << 16, 64 | 2 << 24, 2048] as [UInt32])
    func unknownKinds(code: UInt32) {
        var record = [UInt8](repeating: 0, count: 16)
        record[4] = 10
        record[8] = 10
        #expect(throws: Never.self) { try record.withUnsafeBytes { try LocalFeatures(record: $0) } }
        withUnsafeBytes(of: code.littleEndian) { record.replaceSubrange(12..<16, with: $0) }
        #expect(throws: FeatureError.self) { try record.withUnsafeBytes { try LocalFeatures(record: $0) } }
    }

    @Test("every truncation, and every wrong count, is refused")
    func damagedRecords() {
        let record = sample(count: 3).encoded()
        for length in 0..<record.count {
            #expect(throws: FeatureError.self) {
                try Array(record.prefix(length)).withUnsafeBytes { try LocalFeatures(record: $0) }
            }
        }
        var zeroed = record
        zeroed.replaceSubrange(0..<16, with: [UInt8](repeating: 0, count: 16))
        #expect(throws: FeatureError.self) { try zeroed.withUnsafeBytes { try LocalFeatures(record: $0) } }
    }
}
