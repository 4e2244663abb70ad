import CairnCore
import CairnTerminal
import Foundation
import Testing

struct ErrorSentenceTests {
    private struct Failure: CairnError {
        var kind = ErrorKind.invalidInput
        var message: String
        var cause: (any Error)?
    }

    @Test("A cause stands in brackets behind its error, and advice behind the one that it helps against")
    func causesAndAdvice() {
        let inner = Failure(kind: .limitExceeded, message: "too many pixels")
        let outer = Failure(message: "a.jpg cannot be read", cause: inner)
        #expect(outer.sentence() == "a.jpg cannot be read (too many pixels)")
        let told = outer.sentence { $0.kind == .limitExceeded ? "--max sets it" : nil }
        #expect(told == "a.jpg cannot be read (too many pixels; --max sets it)")
    }

    @Test("Control characters of a file's name do not reach the terminal")
    func controls() {
        #expect(Failure(message: "a\u{1B}[2Jb\tc\nd").sentence() == "a\u{FFFD}[2Jb\tc\nd")
    }

    @Test(
        "Kinds of errors have the documented statuses",
        arguments: zip(ErrorKind.allCases, [64, 2, 2, 2, 2, 3, 4, 5, 1] as [Int32]))
    func statuses(kind: ErrorKind, status: Int32) { #expect(kind.exitCode.rawValue == status) }
}
