import CairnTerminal
import Foundation
import Testing

/// Results that cannot be written, each in a process of its own: it is that one's standard output.
@Suite struct ConsoleTests {
    @Test func `where nobody reads on, the end is that of other tools`() async {
        await #expect(processExitsWith: .exitCode(141)) {
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0 else { return }
            close(ends[0])
            dup2(ends[1], 1)
            Console.print("a line")
        }
    }

    @Test func `a full disk is said in a sentence`() async throws {
        let ended = try await #require(processExitsWith: .exitCode(5), observing: [\.standardErrorContent]) {
            let full = open("/dev/full", O_WRONLY)
            guard full >= 0 else { return }
            dup2(full, 1)
            Console.print("a line")
        }
        #expect(
            String(decoding: ended.standardErrorContent, as: UTF8.self).contains(
                ": the result cannot be written: no space left"))
    }
}
