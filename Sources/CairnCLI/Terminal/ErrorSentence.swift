import CairnCore
import CairnImaging
import Foundation

extension CairnError {
    /// What the user reads: the message, what caused it, and the option that helps, where there is one.
    var sentence: String {
        var text = message
        switch cause {
        case nil: break
        case let cause as any CairnError: text += " (\(cause.sentence))"
        // Foundation describes its errors for developers.
        case let cause as CocoaError:
            let reason = cause.localizedDescription.replacing("The operation could not be completed. ", with: "")
            text += " (\(reason))"
        case let cause?: text += " (\(cause))"
        }
        switch (self as? ImagingError)?.code {
        case .truncated: text += "; --keep-partial does that"
        case .tooManyPixels: text += "; --max-megapixels sets it"
        default: break
        }
        return text.printable
    }
}

extension String {
    /// The text without control characters, which a file's contents might smuggle into the terminal; line breaks and tabs stay.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
                    return isControl ? "\u{FFFD}" : scalar
                }))
    }
}
