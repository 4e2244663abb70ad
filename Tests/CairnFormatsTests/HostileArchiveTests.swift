import CairnFormats
import Testing

/// Archives put together by hand, after PKWARE's APPNOTE.
@Suite struct HostileArchiveTests {
    private struct Entry {
        var name: String
        var content: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        /// What the directory claims, where that is not the truth.
        var claimedSize: UInt32?
        var claimedOffset: UInt32?
    }

    private func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    private func archive(_ entries: [Entry], claimedCount: UInt16? = nil) -> ByteSlice {
        var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
        for entry in entries {
            let offset = UInt32(bytes.count)
            let size = entry.claimedSize ?? UInt32(entry.content.count)
            let common =
                little(entry.flags) + little(entry.method) + little(UInt32(0)) + little(UInt32(0)) + little(size)
                + little(size) + little(UInt16(entry.name.utf8.count)) + little(UInt16(0))
            bytes += little(UInt32(0x0403_4B50)) + little(UInt16(20)) + common + Array(entry.name.utf8) + entry.content
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + little(UInt16(20)) + common
            directory +=
                [UInt8](repeating: 0, count: 10) + little(entry.claimedOffset ?? offset) + Array(entry.name.utf8)
        }
        let start = UInt32(bytes.count)
        let count = claimedCount ?? UInt16(entries.count)
        bytes += directory + little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count)
        return (bytes + little(UInt32(directory.count)) + little(start) + little(UInt16(0))).slice
    }

    /// `{"w": tensor}` of shape [`length`] with `stride` from `offset` on in a float storage of `count` elements.
    private func pickle(length: Int32, stride: Int32, offset: Int32, count: Int32) -> [UInt8] {
        func text(_ text: String) -> [UInt8] { [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8) }
        func number(_ value: Int32) -> [UInt8] { [0x4A] + little(value) }
        let storage =
            [0x28] + text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0") + text("cpu") + number(count)
            + [0x74, 0x51]
        let view = number(offset) + number(length) + [0x85] + number(stride) + [0x85, 0x89, 0x4E]
        return [0x80, 2, 0x7D] + text("w") + Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + [0x28] + storage + view
            + [0x74, 0x52, 0x73, 0x2E]
    }

    private func load(_ pickle: [UInt8], storage: [UInt8]) throws -> [Float] {
        let entries = [Entry(name: "a/data.pkl", content: pickle), Entry(name: "a/data/0", content: storage)]
        return try TorchFile(archive(entries)).stateDictionary().array(named: "w").floats()
    }

    private let storage: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40]

    @Test("An archive put together by hand is read")
    func plain() throws {
        #expect(try load(pickle(length: 3, stride: 1, offset: 0, count: 3), storage: storage) == [1, 2, 3])
        #expect(try load(pickle(length: 2, stride: 2, offset: 0, count: 3), storage: storage) == [1, 3])
        #expect(try load(pickle(length: 4, stride: 0, offset: 1, count: 3), storage: storage) == [2, 2, 2, 2])
        #expect(try load(pickle(length: 0, stride: 1, offset: 3, count: 3), storage: storage) == [])
    }

    @Test("A tensor outside of its storage is refused, and a storage outside of its entry")
    func views() throws {
        for (length, stride, offset, count) in [
            (4, 1, 0, 3), (3, 1, 1, 3), (2, 3, 0, 3), (1, 1, 3, 3), (1, 1, -1, 3), (3, -1, 0, 3), (-1, 1, 0, 3),
            (4, 1, 0, 4), (0, 1, 4, 3), (2, .max, 0, 3), (1, 1, 0, -1),
        ] as [(Int32, Int32, Int32, Int32)] {
            let body = pickle(length: length, stride: stride, offset: offset, count: count)
            #expect(throws: FormatError.self, "\(length) \(stride) \(offset) \(count)") {
                try load(body, storage: storage)
            }
        }
    }

    @Test("A tensor that repeats one element thousands of millions of times is refused")
    func repeated() throws {
        let body = pickle(length: .max, stride: 0, offset: 0, count: 3)
        #expect(try formatError { try load(body, storage: storage) }.kind == .limitExceeded)
    }

    @Test("Compressed and encrypted entries are refused, so no archive unfolds to more than its size")
    func compressed() throws {
        for (method, flags, word) in [(8, 0, "compressed"), (0, 1, "encrypted")] as [(UInt16, UInt16, String)] {
            let entry = Entry(name: "a/data.pkl", content: [1, 2, 3], method: method, flags: flags)
            let error = try formatError { try TorchFile(archive([entry])) }
            #expect(error.kind == .unsupported && error.message.contains(word))
        }
    }

    @Test("Entries that overlap, come twice or claim to lie outside are refused")
    func entries() throws {
        let body = pickle(length: 3, stride: 1, offset: 0, count: 3)
        let good = Entry(name: "a/data.pkl", content: body)
        let same = Entry(name: "a/data/0", content: storage, claimedOffset: 0)
        #expect(try formatError { try TorchFile(archive([good, same])) }.message.contains("overlap"))
        let twice = [good, Entry(name: "a/data/0", content: storage), Entry(name: "a/data/0", content: storage)]
        #expect(try formatError { try TorchFile(archive(twice)) }.message.contains("twice"))
        for entry in [
            Entry(name: "a/data/0", content: storage, claimedSize: .max - 1),
            Entry(name: "a/data/0", content: storage, claimedSize: 4000),
            Entry(name: "a/data/0", content: storage, claimedOffset: .max - 1),
            Entry(name: "a/data/0", content: storage, claimedOffset: 3),
            Entry(name: "a/data/0", content: storage, claimedSize: 40),
            Entry(name: "a/data/0", content: storage, claimedSize: .max),
        ] {
            #expect(throws: FormatError.self) { try TorchFile(archive([good, entry])) }
        }
        #expect(throws: FormatError.self) { try TorchFile(archive([good], claimedCount: .max)) }
        #expect(
            try formatError { try TorchFile(archive([Entry(name: "x.txt", content: [1])])) }.message.contains(
                "data.pkl"))
        #expect(try formatError { try TorchFile(archive([good])) }.message.contains("lacks storage '0'"))
    }
}
