import CairnCore
import Foundation

/// What commands print. Results go to standard output; everything that is about the run goes to standard error.
public enum Console {
    /// A line of the result.
    ///
    /// Ends the process where the line cannot be written: without a word where nobody reads on, as in `cairn … | head`, else
    /// with a sentence and the status of a full disk.
    public static func print(_ text: String) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            end(error)
        }
    }

    /// A line about the run.
    public static func note(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// A value as JSON on standard output: keys sorted, slashes as they are.
    public static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Console.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    private static func end(_ error: any Error) -> Never {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        let number = Int32(truncatingIfNeeded: cause.code)
        // What a shell says of a program that ended by SIGPIPE.
        if number == EPIPE { exit(128 + SIGPIPE) }
        let program = (CommandLine.arguments.first ?? "cairn").split(separator: "/").last ?? "cairn"
        note("\(program): the result cannot be written: \(String(cString: strerror(number)).lowercased())")
        exit(ErrorKind.resourceExhausted.exitCode.rawValue)
    }
}
