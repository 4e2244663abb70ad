import CairnFormats
import Foundation
import Testing

/// Files that Scripts/parity/formats.py wrote with torch, NumPy and safetensors.
enum Fixture {
    static func path(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// A folder that is gone after `body`.
    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-formats-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }
}

extension [UInt8] {
    /// These bytes as a file's content.
    var slice: ByteSlice { ByteStorage(copying: self, source: "test").all }
}

/// The error that `body` throws; a failure of the test where it throws none, or one of another type.
func formatError<Result>(_ body: () throws -> Result) throws -> FormatError {
    var thrown: (any Error)?
    do { _ = try body() } catch { thrown = error }
    return try #require(thrown as? FormatError)
}

/// SplitMix64, so that a failing case comes again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
