import CairnEvaluation
import CairnTerminal

extension ProtocolReport {
    /// Prints the figures as a table or as JSON, which does not tell how many queries there were: where none could be scored, a note does.
    func show(json: Bool) throws {
        guard json else { return Console.print(table) }
        if settings.contains(where: { $0.queries == 0 }) {
            Console.note("note: no query has a right answer in one of the settings; its figures are 0")
        }
        try Console.printJSON(self)
    }
}
