import CairnCore
import Foundation
import Testing

@testable import CairnAlgebra

@Suite("Whitening")
struct WhiteningTests {
    private func whitening(note: String = "café", normalizesOutput: Bool = true) throws -> Whitening {
        var noise = Noise(seed: 11)
        return try Whitening(
            mean: [0.5, -0.25, 1, 0], projection: noise.matrix(3, 4),
            origin: .init(
                method: .pca, modelDigest: "abc", descriptorCount: 100, normalizesOutput: normalizesOutput, note: note))
    }

    @Test("a batch is its rows one by one, over more than one block, at unit length")
    func batch() throws {
        let whitening = try whitening()
        var noise = Noise(seed: 12)
        let rows = try noise.matrix(1030, 4)
        let all = try whitening.apply(to: rows)
        #expect(all.count == 1030 && all.dimensions == 3)
        for row in [0, 1, 1023, 1024, 1029] {
            let single = try whitening.apply(to: Array(rows[row]))
            #expect(deviation(all[row], from: single.map(Double.init)) < 1e-6)
            #expect(abs(single.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
            var expected = (0..<3).map { i in
                (0..<4).reduce(0.0) {
                    $0 + Double(whitening.projection.values[i * 4 + $1])
                        * (Double(rows.values[row * 4 + $1]) - Double(whitening.mean[$1]))
                }
            }
            let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
            expected = expected.map { $0 / norm }
            #expect(deviation(single, from: expected) < 1e-5)
        }
        #expect(try whitening.apply(to: DescriptorMatrix(dimensions: 4)).count == 0)
    }

    @Test("what cannot be whitened is refused: other lengths, not finite, the mean itself")
    func refusals() throws {
        let whitening = try whitening()
        #expect(throws: AlgebraError.self) { try whitening.apply(to: [1, 2, 3]) }
        #expect(throws: AlgebraError.self) { try whitening.apply(to: [1, 2, 3, .nan]) }
        #expect(throws: AlgebraError.self) { try whitening.apply(to: whitening.mean) }
        #expect(try self.whitening(normalizesOutput: false).apply(to: whitening.mean) == [0, 0, 0])
        #expect(throws: AlgebraError.self) { try whitening.truncated(to: 4) }
        #expect(throws: AlgebraError.self) { try whitening.truncated(to: 0) }
        let error = #expect(throws: AlgebraError.self) { try whitening.requireModel(digest: "abd") }
        #expect(error?.kind == .conflict)
        try whitening.requireModel(digest: "abc")
    }

    @Test("cutting dimensions keeps the first")
    func truncation() throws {
        let cut = try whitening().truncated(to: 2)
        #expect(try cut.projection == whitening().projection.rows(at: 0..<2) && cut.outputDimensions == 2)
    }

    @Test("the digest tells apart all that changes an output, and no note")
    func digest() throws {
        let first = try whitening()
        #expect(first.digest.count == 64)
        #expect(try whitening(note: "other").digest == first.digest)
        var others = [try whitening(normalizesOutput: false), try first.truncated(to: 2)]
        var origin = first.origin
        origin.modelDigest = "abd"
        others.append(try Whitening(mean: first.mean, projection: first.projection, origin: origin))
        others.append(try Whitening(mean: [0.5, -0.25, 1, 1e-7], projection: first.projection, origin: first.origin))
        #expect(Set(others.map(\.digest) + [first.digest]).count == 5)
    }

    @Test("a file gives back what was written")
    func roundTrip() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cairn-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "w").path
        let whitening = try whitening()
        try whitening.write(to: path)
        try whitening.write(to: path)
        let read = try Whitening(contentsOf: path)
        #expect(read == whitening && read.digest == whitening.digest)
        let missing = #expect(throws: AlgebraError.self) { try Whitening(contentsOf: path + "x") }
        #expect(missing?.kind == .notFound)
        #expect(throws: AlgebraError.self) { try whitening.write(to: folder.appending(path: "no/w").path) }
    }

    @Test("the layout is the documented one")
    func layout() throws {
        let bytes = try whitening().encoded()
        let record = Int(bytes[20]) | Int(bytes[21]) << 8
        #expect(Array(bytes[..<20]) == Array("CAIRNWHT".utf8) + [1, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0])
        #expect(bytes.count == 56 + record + 4 * (4 + 12))
        let text = String(decoding: bytes[56..<56 + record], as: UTF8.self)
        #expect(
            text
                == #"{"descriptorCount":100,"method":"pca","modelDigest":"abc","normalizesOutput":true,"note":"café","pairCount":0}"#
        )
        #expect(Array(bytes[(56 + record)..<(60 + record)]) == [0, 0, 0, 0x3F])
    }

    @Test("a change of any byte is noticed, and so is any other length")
    func corruption() throws {
        let bytes = try whitening().encoded()
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            let error = #expect(throws: AlgebraError.self) { try Whitening(decoding: damaged, name: "w") }
            let expected: ErrorKind = index < 8 ? .invalidInput : index < 12 ? .unsupported : .corrupted
            #expect(error?.kind == expected, "byte \(index)")
        }
        for count in 0..<bytes.count {
            #expect(throws: AlgebraError.self) { try Whitening(decoding: Array(bytes[..<count]), name: "w") }
        }
        #expect(throws: AlgebraError.self) { try Whitening(decoding: bytes + [0], name: "w") }
    }

    @Test("a record with a key too many or too few is refused")
    func strictRecord() throws {
        let decoder = JSONDecoder()
        let good =
            #"{"descriptorCount":1,"method":"pca","modelDigest":"a","normalizesOutput":true,"note":"","pairCount":0}"#
        #expect(try decoder.decode(Whitening.Origin.self, from: Data(good.utf8)).method == .pca)
        let more = good.replacing(#""note""#, with: #""extra":1,"note""#)
        #expect(throws: UnknownSettingError.self) { try decoder.decode(Whitening.Origin.self, from: Data(more.utf8)) }
        let less = good.replacing(#""note":"","#, with: "")
        #expect(throws: (any Error).self) { try decoder.decode(Whitening.Origin.self, from: Data(less.utf8)) }
    }
}
