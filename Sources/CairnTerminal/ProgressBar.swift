import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One line on standard error that shows how far long work has come and when it will end. Silent unless standard error is a
/// terminal.
public final class ProgressBar: Sendable {
    private struct State {
        var drawn = false
        var lastDrawing: ContinuousClock.Instant?
    }

    /// Whether the line is drawn: standard error is a terminal, and the caller wanted it.
    public let isVisible: Bool

    private let label: String
    private let unit: String
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// Makes a bar; nothing is drawn yet.
    ///
    /// - Parameters:
    ///   - label: What is being done: “Indexing”.
    ///   - unit: What is counted, in the plural.
    ///   - isEnabled: `false` draws nothing at all.
    public init(_ label: String, unit: String, isEnabled: Bool = true) {
        self.label = label
        self.unit = unit
        isVisible = isEnabled && isatty(STDERR_FILENO) == 1
    }

    /// Shows that `done` of `total` are done; `note` is what else is worth knowing. Draws at most ten times a second.
    public func update(done: Int, total: Int, note: String = "") {
        guard total > 0 else { return }
        draw(isLast: done >= total) { elapsed in
            let share = Double(done) / Double(total)
            return label + " " + Self.bar(share)
                + text(done: done, total: total, note: note, elapsed: elapsed)
        }
    }

    /// Shows text of the caller's own behind the bar, which is filled to a share of 0...1. Draws at most ten times a second.
    public func update(share: Double, text: @autoclosure () -> String) {
        draw(isLast: share >= 1) { _ in "\(label) \(Self.bar(share)) \(text())" }
    }

    /// Clears the line, so that what is printed next starts on a clean one.
    public func finish() {
        state.withLock { state in
            guard state.drawn else { return }
            state.drawn = false
            write("\r\u{1B}[K")
        }
    }

    private func draw(isLast: Bool, _ line: (Duration) -> String) {
        guard isVisible else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            if let last = state.lastDrawing, now - last < .milliseconds(100), !isLast { return }
            state.lastDrawing = now
            state.drawn = true
            // A line that wraps could not be drawn over.
            let width = Self.terminalWidth.map { max(1, $0 - 1) } ?? Int.max
            write("\r\u{1B}[K" + line(now - start).prefix(width))
        }
    }

    private func text(done: Int, total: Int, note: String, elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        let rate = Double(done) / seconds
        var text = " \(done)/\(total) \(unit)"
        if done > 0, done < total {
            text += String(format: " · %.1f/s · %@ left", rate, Self.clock(Double(total - done) / rate))
        }
        if !note.isEmpty { text += " · \(note)" }
        return text
    }

    private static func bar(_ share: Double) -> String {
        let width = 24
        let filled = share.isFinite ? Int(min(1, max(0, share)) * Double(width)) : 0
        return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    }

    /// Columns of the terminal; `nil` where it does not tell.
    private static var terminalWidth: Int? {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// A time in seconds as a person says it: "4 s", "3:05 min", "2:10 h"; "–" where it is no time.
    public static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return String(format: "%d:%02d min", whole / 60, whole % 60) }
        return String(format: "%d:%02d h", whole / 3_600, whole / 60 % 60)
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
