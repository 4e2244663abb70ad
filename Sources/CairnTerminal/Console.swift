import Foundation

/// What commands print. Results go to standard output; everything that is about the run goes to standard error.
public enum Console {
    /// A line of the result.
    public static func print(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// A line about the run.
    public static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// A value as JSON on standard output: keys sorted, slashes as they are.
    public static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Console.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
