import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One line on standard error that shows how far long work has come and when it will end. Silent unless standard error is a
/// terminal.
final class ProgressBar: Sendable {
    private struct State {
        var drawn = false
        var lastDrawing: ContinuousClock.Instant?
    }

    private let label: String
    private let unit: String
    private let start = ContinuousClock.now
    private let isVisible: Bool
    private let state = Mutex(State())

    init(_ label: String, unit: String, isEnabled: Bool = true) {
        self.label = label
        self.unit = unit
        isVisible = isEnabled && isatty(STDERR_FILENO) == 1
    }

    /// Shows that `done` of `total` are done; `note` is what else is worth knowing. Draws at most ten times a second.
    func update(done: Int, total: Int, note: String = "") {
        guard isVisible, total > 0 else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            if let last = state.lastDrawing, now - last < .milliseconds(100), done < total { return }
            state.lastDrawing = now
            state.drawn = true
            write(line(done: done, total: total, note: note, elapsed: now - start))
        }
    }

    /// Clears the line, so that what is printed next starts on a clean one.
    func finish() {
        state.withLock { state in
            guard state.drawn else { return }
            state.drawn = false
            write("\r\u{1B}[K")
        }
    }

    private func line(done: Int, total: Int, note: String, elapsed: Duration) -> String {
        let share = min(1, Double(done) / Double(total))
        let seconds = max(elapsed / .seconds(1), 0.001)
        let rate = Double(done) / seconds
        let width = 24
        let filled = Int(share * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        var text = "\r\u{1B}[K\(label) \(bar) \(done)/\(total) \(unit)"
        if done > 0, done < total {
            text += String(format: " · %.1f/s · %@ left", rate, Self.clock(Double(total - done) / rate))
        }
        if !note.isEmpty { text += " · \(note)" }
        return text
    }

    /// "4 s", "3:05 min", "2:10 h".
    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return String(format: "%d:%02d min", whole / 60, whole % 60) }
        return String(format: "%d:%02d h", whole / 3_600, whole / 60 % 60)
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
