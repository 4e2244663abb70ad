import Dispatch
import Foundation

/// What every command needs: time, memory, and a way to say what was measured.
enum Measurement {
    /// Prints a measurement as one line of JSON.
    static func report(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Seconds that `body` takes.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// The middle one of some figures, the mean of the two middle ones for an even number; 0 when there are none.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// A line of `/proc/self/status` in bytes, such as `RssAnon`: memory of this process's own, without mapped files.
    static func residentBytes(_ name: String) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in status.split(separator: "\n") where line.hasPrefix(name + ":") {
            return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
        }
        return 0
    }

    /// Calls `body` with every part number on a thread of its own, and throws the first error.
    static func onThreads(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
        nonisolated(unsafe) var errors = [(any Error)?](repeating: nil, count: count)
        errors.withUnsafeMutableBufferPointer { errors in
            // Every thread has a place of its own.
            nonisolated(unsafe) let errors = errors
            DispatchQueue.concurrentPerform(iterations: count) { part in
                do { try body(part) } catch { errors[part] = error }
            }
        }
        for case let error? in errors { throw error }
    }
}

/// A benchmark that would measure nothing worth knowing.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
