import ArgumentParser
import CairnCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a program of Cairn's begins and ends: parsing, reporting what went wrong, exit statuses.
public enum CommandMain {
    /// Parses the command line, runs the command that it names, and returns where all went well; else reports on standard error
    /// and ends the process with the error's status (`ErrorKind.exitCode`).
    ///
    /// - Parameters:
    ///   - root: The program's command. Its `commandName` begins every report.
    ///   - stopped: What is said when the user interrupts the work: what remains of it, and how it goes on.
    ///   - advice: What is said after an error, such as the option that helps.
    public static func run<Root: ParsableCommand>(
        _ root: Root.Type, stopped: String = "what is done is kept, and the same command goes on with it",
        advice: @Sendable (any CairnError) -> String? = { _ in nil }
    ) async {
        // A full disk or a closed pipe is an error to report, not a reason to die without a word.
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        let program = Root.configuration.commandName ?? Root._commandName
        do {
            var command = try Root.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as any CairnError {
            Console.note("\(program): \(error.sentence(advice: advice))")
            Root.exit(withError: error.kind.exitCode)
        } catch is CancellationError {
            Console.note("\(program): stopped; \(stopped)")
            Root.exit(withError: ExitCode(130))
        } catch {
            Root.exit(withError: error)
        }
    }
}
