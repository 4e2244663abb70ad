import ArgumentParser
import Foundation

/// A share, written as a percentage or as a number: 1%, 0.01.
struct ShareArgument: ExpressibleByArgument, CustomStringConvertible {
    /// Above 0 and below 1.
    var share: Double

    init(share: Double) { self.share = share }

    init?(argument: String) {
        let isPercentage = argument.hasSuffix("%")
        let digits = isPercentage ? String(argument.dropLast()).trimmingCharacters(in: .whitespaces) : argument
        guard let number = Double(digits) else { return nil }
        share = isPercentage ? number / 100 : number
        guard share > 0, share < 1 else { return nil }
    }

    var description: String { "\((1_000_000 * share).rounded() / 10_000)%" }
    var defaultValueDescription: String { description }
}
