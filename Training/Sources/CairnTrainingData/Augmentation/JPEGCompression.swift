import CairnImaging

extension RGBImage {
    /// The image as it comes back from a JPEG of a quality from 1 to 100; throws what the codec throws.
    func compressedAsJPEG(quality: Int) throws -> RGBImage {
        try ImageDecoder().rgb(from: encodeJPEG(quality: quality))
    }
}
