import CairnCore
import Foundation
import Testing

@testable import CairnIndex

@Suite("Descriptor file")
struct ExactDescriptorFileTests {
    @Test("a file tells what was written")
    func contents() throws {
        let folder = try TemporaryFolder()
        let file = try ExactVectors.file(folder, "a", [3, 7, 20], dimensions: 100)
        try file.verify()
        #expect(file.count == 3 && Array(file.images) == [ImageID(3), ImageID(7), ImageID(20)])
        #expect(file.dimensions == 100 && file.modelDigest == ExactVectors.digest)
        #expect(file.contains(ImageID(7)) && !file.contains(ImageID(8)) && file.descriptor(of: ImageID(8)) == nil)
        #expect(file.descriptor(of: ImageID(20)) == ExactVectors.vector(20, dimensions: 100))
        #expect(try folder.bytes("a").count == file.byteCount)
    }

    @Test("merging gives the bytes of a fresh file without the removed images")
    func merge() throws {
        let folder = try TemporaryFolder()
        let files = try [[1, 2, 3], [4, 9, 12], [], [5, 8, 30]].enumerated().map {
            try ExactVectors.file(folder, "part\($0)", $1, dimensions: 20)
        }
        for removed in [[], [2, 9, 77], [1, 2, 3], [1, 2, 3, 4, 9, 12, 5, 8, 30]] {
            let rest = [1, 2, 3, 4, 5, 8, 9, 12, 30].filter { !removed.contains($0) }
            try DescriptorFile.merge(
                files, removing: Set(removed.map { ImageID(UInt32($0)) }), to: folder.file("merged"))
            _ = try ExactVectors.file(folder, "fresh", rest, dimensions: 20)
            #expect(try folder.bytes("merged") == folder.bytes("fresh"))
            try DescriptorFile(path: folder.file("merged")).verify()
        }
    }

    @Test("vectors that cannot be compared, images out of order and files that do not fit are refused, leaving nothing")
    func refusals() throws {
        let folder = try TemporaryFolder()
        let sound = ExactVectors.vector(1, dimensions: 16)
        func message(_ rows: [(ImageID, [Float])], dimensions: Int = 16, digest: [UInt8] = ExactVectors.digest)
            -> String
        {
            do {
                try DescriptorFile.write(rows, dimensions: dimensions, modelDigest: digest, to: folder.file("bad"))
            } catch { return error.message }
            return "none"
        }
        var infinite = sound
        infinite[2] = -.infinity
        #expect(message([(ImageID(4), [Float](repeating: 0, count: 16))]).contains("image 4 is zero"))
        #expect(message([(ImageID(4), infinite)]).contains("image 4 has a value that is not a number"))
        #expect(message([(ImageID(4), sound.map { $0 * 0.9 })]).contains("length 0.9"))
        #expect(message([(ImageID(4), sound + [0])]).contains("17 values"))
        #expect(message([(ImageID(4), sound), (ImageID(4), sound)]).contains("ascending"))
        #expect(message([(ImageID(4), sound), (ImageID(2), sound)]).contains("ascending"))
        #expect(message([], dimensions: 7).contains("7 dimensions"))
        #expect(message([], dimensions: 8_193).contains("8193 dimensions"))
        #expect(message([], digest: [1, 2]).contains("digest"))
        for announced in [0, 2] {
            #expect(throws: IndexError.self) {
                var writer = try DescriptorFileWriter(
                    path: folder.file("bad"), count: announced, dimensions: 16, modelDigest: ExactVectors.digest)
                try writer.append(ImageID(1), descriptor: sound)
                try writer.commit()
            }
        }
        let file = try ExactVectors.file(folder, "a", [1, 2], dimensions: 16)
        let twin = try ExactVectors.file(folder, "b", [2, 3], dimensions: 16)
        let foreign = try ExactVectors.file(folder, "c", [4], dimensions: 17)
        #expect(throws: IndexError.self) { try DescriptorFile.merge([], to: folder.file("bad")) }
        #expect(throws: IndexError.self) { try DescriptorFile.merge([file, twin], to: folder.file("bad")) }
        #expect(throws: IndexError.self) { try DescriptorFile.merge([file, foreign], to: folder.file("bad")) }
        #expect(throws: IndexError.self) { try DescriptorFile(path: folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a", "b", "c"])
        // An image in two files may go from one of them.
        try DescriptorFile.merge([file, twin], removing: [ImageID(2)], to: folder.file("a"))
        #expect(Array(try DescriptorFile(path: folder.file("a")).images) == [ImageID(1), ImageID(3)])
        #expect(Array(file.images) == [ImageID(1), ImageID(2)])
    }

    /// Uses everything that reads the file; a damaged one may give any result, but must not trap.
    private func exercise(_ path: String) throws -> Bool {
        let file = try DescriptorFile(path: path)
        let sound = (try? file.verify()) != nil
        let index = try ExactIndex(
            files: [file], removed: [ImageID(2)], dimensions: file.dimensions, modelDigest: file.modelDigest)
        let query = ExactVectors.vector(5, dimensions: file.dimensions)
        _ = try index.search(query, limit: 2)
        _ = try index.search(batch: query + query, limit: 5)
        return sound
    }

    @Test("a file cut anywhere is refused, and flipped bits are refused or found by verification, without a crash")
    func damage() throws {
        let folder = try TemporaryFolder()
        _ = try ExactVectors.file(folder, "small", 1...6, dimensions: 9)
        let count = try folder.bytes("small").count
        // Every byte of every region, each with one of its bits.
        for byte in 0..<count {
            let bit = 8 * byte + Synthetic.hash(15, byte, 8)
            try folder.flip(bit: bit, of: "small")
            #expect((try? exercise(folder.file("small"))) != true, "bit \(bit)")
            try folder.flip(bit: bit, of: "small")
        }
        #expect(try exercise(folder.file("small")))
        for length in (0..<count).reversed() {
            try folder.cut("small", to: length)
            let error = #expect(throws: IndexError.self) { try DescriptorFile(path: folder.file("small")) }
            guard error != nil else { break }
        }
    }

    @Test("files whose checksums fit but whose content lies do not crash, and verification finds them")
    func hostile() throws {
        let folder = try TemporaryFolder()
        let file = try ExactVectors.file(folder, "small", 1...6, dimensions: 9)
        let bytes = try folder.bytes("small")
        var random = SplitMix64(state: 6)
        for _ in 0..<500 {
            var forged = bytes
            for _ in 0..<1 + random.next(below: 4) {
                let place =
                    DescriptorFileHeader.byteCount + random.next(below: bytes.count - DescriptorFileHeader.byteCount)
                forged[place] = random.next(below: 3) == 0 ? 0xff : UInt8(truncatingIfNeeded: random.next())
            }
            var header = file.header
            header.imageCount += random.next(below: 8) == 0 ? 1 : 0
            forged.withUnsafeBytes { forged in
                header.checksums = DescriptorFileHeader.Section.allCases.map {
                    let range = header.range(of: $0).clamped(to: 0..<forged.count)
                    return Checksum.of(UnsafeRawBufferPointer(rebasing: forged[range]))
                }
            }
            forged.replaceSubrange(0..<DescriptorFileHeader.byteCount, with: header.encoded())
            try folder.write(forged, to: "forged")
            _ = try? exercise(folder.file("forged"))
        }
        // A vector of no numbers, a scale of no number, codes of another vector.
        for (section, value) in [
            (DescriptorFileHeader.Section.vectors, UInt8(0xff)), (.scales, 0xff), (.residuals, 0xff), (.codes, 3),
        ] {
            var forged = bytes
            for place in file.header.range(of: section).prefix(8) { forged[place] = value }
            var header = file.header
            header.checksums = forged.withUnsafeBytes { forged in
                DescriptorFileHeader.Section.allCases.map {
                    Checksum.of(UnsafeRawBufferPointer(rebasing: forged[header.range(of: $0)]))
                }
            }
            forged.replaceSubrange(0..<DescriptorFileHeader.byteCount, with: header.encoded())
            try folder.write(forged, to: "forged")
            #expect((try? exercise(folder.file("forged"))) != true, "\(section)")
        }
        for images in [1 << 32, 1 << 31, 7, 5] {
            var header = file.header
            header.imageCount = images
            try folder.write(header.encoded() + bytes.dropFirst(DescriptorFileHeader.byteCount), to: "forged")
            #expect(throws: IndexError.self) { try DescriptorFile(path: folder.file("forged")) }
        }
    }
}
