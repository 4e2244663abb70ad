import CairnFormats
import Testing

@Suite struct PickleTests {
    @Test("Ground truth with NumPy's arrays is the same in protocols 2 to 5", arguments: 2...5)
    func truth(protocol version: Int) throws {
        let truth = try Pickle.load(contentsOf: Fixture.path("truth\(version).pkl"))
        #expect(truth["imlist"]?.elements?.compactMap(\.stringValue) == ["all_souls_000013", "été"])
        let query = try #require(truth["gnd"]?.elements?.first)
        #expect(try query["easy"]?.arrayValue?.integers() == [3, 5])
        #expect(query["bbx"]?.elements?.compactMap(\.doubleValue) == [1.5, 2, 3, 4])
        let fortran = try #require(truth["fortran"]?.arrayValue)
        #expect(fortran.shape == [2, 3] && fortran.strides == [1, 2])
        #expect(fortran.floats() == [0, 1, 2, 3, 4, 5])
        #expect(try truth["big"]?.arrayValue?.integers() == [1, 2])
        #expect(truth["scalar"]?.doubleValue == 2.5)
        #expect(truth["count"]?.integerValue == -3)
        #expect(truth["names"]?.elements?.compactMap(\.stringValue) == ["ab", "c"])
        #expect(truth["objects"]?.elements?.first?.elements?.first?.integerValue == 1)
        #expect(truth["set"]?.elements?.first?.integerValue == 4)
        #expect(truth["ordered"]?.dictionaryValue?.stringKeys == ["b", "a"])
        #expect(try truth["shared"]?.elements?.first?["easy"]?.arrayValue?.integers() == [3, 5])
        let tuple = try #require(truth["tuple"]?.elements)
        let expected: [Int64] = [1, -1, 300, 70000, 1 << 40, -(1 << 40)]
        #expect(tuple.compactMap(\.integerValue) == expected)
        guard case .none = tuple[0], case .bool(true) = tuple[1], case .largeInteger(let wide) = tuple[8],
            case .bytes(let data) = tuple[10]
        else {
            Issue.record("unexpected kinds in \(tuple)")
            return
        }
        #expect(wide == [0, 0, 0, 0, 0, 0, 0, 0, 0x40])
        #expect(tuple[9].doubleValue == 0.1)
        #expect(data == [0, 255])
    }

    @Test("A truncated ground truth ends in an error", arguments: 2...5)
    func truncation(protocol version: Int) throws {
        let bytes = try Fixture.bytes("truth\(version).pkl")
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self) { try Pickle.load(Array(bytes[..<length]).slice) }
        }
    }

    @Test("Flipped bits never crash the reader", arguments: 2...5)
    func flips(protocol version: Int) throws {
        let bytes = try Fixture.bytes("truth\(version).pkl")
        var generator = SeededGenerator(state: UInt64(version))
        var refusals = 0
        for _ in 0..<4000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                1 << UInt8.random(in: 0..<8, using: &generator)
            do {
                let value = try Pickle.load(damaged.slice)
                for entry in value.dictionaryValue?.entries ?? [] { _ = entry.value.arrayValue?.floats() }
            } catch {
                refusals += 1
            }
        }
        #expect(refusals > 500)
    }
}
