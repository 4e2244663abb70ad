import CairnCore
import CairnImaging

extension CairnError {
    /// The option of `cairn` that helps against the error, where there is one.
    var advice: String? {
        switch (self as? ImagingError)?.code {
        case .truncated: "--keep-partial does that"
        case .tooManyPixels: "--max-megapixels sets it"
        default: nil
        }
    }
}
