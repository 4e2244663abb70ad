import CairnCore
import Foundation

extension CairnError {
    /// What the user reads: the message, what caused it, and what helps; without control characters.
    ///
    /// - Parameter advice: What a program says after an error, such as the option that helps; asked for the error and for each of
    ///   its causes.
    public func sentence(advice: (any CairnError) -> String? = { _ in nil }) -> String {
        var text = message
        switch cause {
        case nil: break
        case let cause as any CairnError: text += " (\(cause.sentence(advice: advice)))"
        // Foundation describes its errors for developers.
        case let cause as CocoaError:
            let reason = cause.localizedDescription.replacing("The operation could not be completed. ", with: "")
            text += " (\(reason))"
        case let cause?: text += " (\(cause))"
        }
        if let advice = advice(self) { text += "; \(advice)" }
        return text.printable
    }
}

extension String {
    /// The text without control characters, which a file's contents might smuggle into the terminal; line breaks and tabs stay.
    public var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
                    return isControl ? "\u{FFFD}" : scalar
                }))
    }
}
