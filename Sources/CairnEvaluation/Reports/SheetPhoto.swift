import CairnCore
import CairnImaging
import Foundation

/// A photo on its way into a sheet: read again, reduced, and encoded as JPEG.
struct SheetPhoto {
    let image: SheetImage
    let details: ResultSheet.Details
    private let pixels: RGBImage

    init(path: String, limit: Int) throws {
        let decoder = ImageDecoder(
            configuration: DecodingConfiguration(maximumLongSide: limit, truncation: .keepPartial))
        let photo = try decoder.decodeRGB(contentsOf: path)
        pixels = photo.image
        image = try SheetImage(jpeg: try photo.image.encodeJPEG(quality: 80), limit: limit)
        details = ResultSheet.Details(
            size: photo.metadata.size, captured: photo.metadata.captureTime?.text,
            latitude: photo.metadata.position?.latitude, longitude: photo.metadata.position?.longitude)
    }

    func thumbnail() throws -> SheetImage {
        let small = try pixels.resized(toLongSide: SheetImage.thumbnailLimit)
        return try SheetImage(jpeg: try small.encodeJPEG(quality: 78), limit: SheetImage.thumbnailLimit)
    }
}
