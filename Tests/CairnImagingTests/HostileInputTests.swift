import CairnCore
import Foundation
import Testing

@testable import CairnImaging

@Suite struct HostileInputTests {
    let decoder = ImageDecoder()

    private func code(_ bytes: Data, _ decoder: ImageDecoder = ImageDecoder()) -> ImagingError.Code? {
        do {
            _ = try decoder.rgb(from: bytes)
            return nil
        } catch let error as ImagingError {
            return error.code
        } catch {
            Issue.record("not an ImagingError: \(error)")
            return nil
        }
    }

    @Test("what is not an image is said to be what it is")
    func otherContent() throws {
        let cases: [(String, String)] = [
            ("%PDF-1.7 ...", "PDF"), ("PK\u{3}\u{4}....", "zip"), ("<!DOCTYPE html><p>", "web page"),
            ("just a note", "text"), ("\0\0\0\u{20}ftypisom....", "video"), ("\0\0\0\0\0\0\0\0", "zero bytes"),
        ]
        for (content, word) in cases {
            let error = #expect(throws: ImagingError.self) { try decoder.rgb(from: Data(content.utf8)) }
            #expect(error?.code == .notAnImage)
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        }
        #expect(code(Data("BM......".utf8)) == .unsupportedFormat)
        #expect(code(Data()) == .emptyFile)
    }

    @Test("paths that are no image files are told apart")
    func paths() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-imaging-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let empty = folder.appendingPathComponent("empty.jpg")
        try Data().write(to: empty)
        func error(_ path: String) -> ImagingError? {
            #expect(throws: ImagingError.self) { try decoder.gray(contentsOf: path) }
        }
        #expect(error(folder.path)?.code == .notAFile)
        #expect(error(folder.path)?.message.hasPrefix(folder.path) == true)
        #expect(error(empty.path)?.code == .emptyFile)
        #expect(error(folder.path + "/nothing.jpg")?.kind == .notFound)
        #expect(error("/dev/null")?.code == .notAFile)
        // A terabyte that begins like a photo is not read.
        let sparse = folder.appendingPathComponent("sparse.jpg")
        try Fixtures.bytes("plain.jpg").write(to: sparse)
        try #require(truncate(sparse.path, 1 << 40) == 0)
        #expect(error(sparse.path)?.code == .fileTooLarge)
        // A suffix says nothing: a PNG named .jpg is a PNG.
        let misnamed = folder.appendingPathComponent("photo.jpg")
        try Fixtures.bytes("rgb.png").write(to: misnamed)
        #expect(try decoder.rgb(contentsOf: misnamed.path) == Fixtures.picture)
    }

    @Test("the pixel limit is checked from the header alone")
    func pixelLimit() throws {
        // A real header that claims 40,000 x 30,000; decoding it would need gigabytes.
        var jpeg = try Fixtures.bytes("plain.jpg")
        let frame = try #require(jpeg.range(of: Data([0xFF, 0xC0]))).lowerBound
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x75, 0x30, 0x9C, 0x40])
        let error = #expect(throws: ImagingError.self) { try decoder.rgb(from: jpeg) }
        #expect(error?.code == .tooManyPixels)
        #expect(error?.message.contains("40000x30000") == true)
        #expect(error?.message.contains("250 MP") == true)

        for name in ["rgb.png", "rgb.webp", "rgb.tiff", "two_frames.gif", "rgb.avif", "rgb.heic", "plain.jpg"] {
            let bytes = try Fixtures.bytes(name)
            #expect(
                code(bytes, ImageDecoder(configuration: DecodingConfiguration(maximumPixels: 383))) == .tooManyPixels)
            #expect(code(bytes, ImageDecoder(configuration: DecodingConfiguration(maximumPixels: 384))) == nil)
        }
    }

    @Test("truncated files are said to be so, at every length")
    func truncation() throws {
        for name in ["plain.jpg", "progressive.jpg", "texture.jpg", "rgba.png", "rgb.webp", "rgb.avif", "rgb.heic"] {
            let bytes = try Fixtures.bytes(name)
            var codes: [ImagingError.Code: Int] = [:]
            for length in stride(from: 16, to: bytes.count - 24, by: max(1, bytes.count / 150)) {
                guard let code = code(bytes.prefix(length)) else {
                    Issue.record("\(name) cut to \(length) of \(bytes.count) bytes decoded")
                    continue
                }
                codes[code, default: 0] += 1
            }
            #expect(Set(codes.keys).isSubset(of: [.truncated, .notAnImage]), "\(name): \(codes)")
        }
        // What little these lack may not be missed, but nothing else is said of them.
        for name in ["rgb.tiff", "two_frames.gif"] {
            let bytes = try Fixtures.bytes(name)
            for length in stride(from: 16, to: bytes.count, by: max(1, bytes.count / 150)) {
                let code = code(bytes.prefix(length))
                #expect(code == .truncated || (code == nil && length > bytes.count / 2), "\(name) cut to \(length)")
            }
        }
    }

    @Test("what could be read of a truncated file is kept on request")
    func partialImages() throws {
        let whole = try decoder.rgb(contentsOf: Fixtures.path("texture.jpg"))
        let keeping = ImageDecoder(configuration: DecodingConfiguration(truncation: .keepPartial))
        let bytes = try Fixtures.bytes("texture.jpg")
        let partial = try keeping.rgb(from: bytes.prefix(bytes.count * 2 / 3))
        #expect(partial.size == whole.size)
        let quarter = whole.pixels.count / 4
        #expect(Array(partial.pixels.prefix(quarter)) == Array(whole.pixels.prefix(quarter)))
        #expect(partial != whole)
    }

    @Test("bytes after the image and stray bytes before a marker do no harm")
    func harmlessExtras() throws {
        let plain = try Fixtures.bytes("plain.jpg")
        let expected = try decoder.rgb(from: plain)
        #expect(try decoder.rgb(from: plain + Data(repeating: 7, count: 1000)) == expected)
        var stray = plain
        let table = try #require(plain.range(of: Data([0xFF, 0xDB]))).lowerBound
        stray.insert(contentsOf: [1, 2, 3], at: table)
        #expect(try decoder.rgb(from: stray) == expected)
        // Some cameras leave out the end marker.
        #expect(try decoder.rgb(from: plain.dropLast(2)) == expected)
    }

    @Test("a progressive file of endless scans is refused")
    func endlessScans() throws {
        let bytes = try Fixtures.bytes("progressive.jpg")
        let first = try #require(bytes.range(of: Data([0xFF, 0xDA]))).lowerBound
        let next = try #require(bytes.range(of: Data([0xFF, 0xDA]), in: first + 2..<bytes.count)).lowerBound
        let scan = bytes[first..<next]
        var endless = bytes.prefix(first)
        for _ in 0..<2000 { endless.append(scan) }
        endless.append(contentsOf: [0xFF, 0xD9])
        #expect(code(endless) == .unsupportedFormat)
    }

    @Test("flipped bits give an image or an ImagingError, never a crash")
    func bitFlips() throws {
        var random = SplitMix(state: 11)
        let names = try Fixtures.images().filter { !$0.contains("expected") }
        let keeping = ImageDecoder(
            configuration: DecodingConfiguration(maximumPixels: 4_000_000, truncation: .keepPartial))
        let strict = ImageDecoder(configuration: DecodingConfiguration(maximumLongSide: 20, maximumPixels: 4_000_000))
        for round in 0..<2000 {
            var bytes = try Fixtures.bytes(names[round % names.count])
            for _ in 0...Int(random.next() % 8) {
                // Headers are where it hurts: half of the flips go there.
                let reach = random.next() % 2 == 0 ? min(bytes.count, 200) : bytes.count
                bytes[Int(random.next() % UInt64(reach))] ^= UInt8(1 << (random.next() % 8))
            }
            let decoder = round % 3 == 0 ? keeping : strict
            do {
                let image = try decoder.rgb(from: bytes)
                #expect(image.size.pixelCount <= 4_000_000)
            } catch {
                #expect(error is ImagingError)
            }
        }
    }

    @Test("any bytes are EXIF enough")
    func hostileEXIF() throws {
        var random = SplitMix(state: 5)
        for _ in 0..<2000 {
            var bytes: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0] + (0..<120).map { _ in UInt8(random.next() % 256) }
            // A first entry that is looked at: a directory somewhere in the block, or beyond it.
            bytes.replaceSubrange(
                8..<18,
                with: [
                    9, 0, random.next() % 2 == 0 ? 0x69 : 0x25, random.next() % 2 == 0 ? 0x87 : 0x88, 4, 0, 1, 0, 0, 0,
                ])
            bytes.replaceSubrange(18..<22, with: [UInt8(random.next() % 200), 0, 0, random.next() % 4 == 0 ? 0xFF : 0])
            let metadata = bytes.withUnsafeBufferPointer { EXIFMetadata(tiff: $0) }
            #expect((1...8).contains(metadata.orientation.rawValue))
        }
    }
}

/// A small seeded generator (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
