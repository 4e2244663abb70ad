import CairnCore
import Foundation
import Testing

@testable import CairnImaging

@Suite struct PhotoViewTests {
    /// Smooth enough that codecs keep it, with no symmetry that would hide a wrong turn.
    static func landscape(_ size: ImageSize) -> RGBImage {
        var pixels: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width {
                let wave = sin(Double(x) / 9) + cos(Double(y) / 13)
                pixels += [
                    UInt8(128 + 50 * wave), UInt8(255 * x / size.width), UInt8(255 * y / size.height),
                ]
            }
        }
        return RGBImage(size: size, pixels: pixels)
    }

    @Test(
        "a part of a JPEG, decoded alone, is that part of the decoded photo",
        arguments: [
            PixelRegion(x0: 37.5, y0: 61.25, x1: 140, y1: 150), PixelRegion(x0: 0, y0: 0, x1: 50, y1: 40),
            PixelRegion(x0: 190, y0: 110, x1: 240, y1: 160), PixelRegion(x0: 0, y0: 40, x1: 240, y1: 100),
        ])
    func parts(_ region: PixelRegion) throws {
        for quality in [80, 95] {
            let bytes = try Self.landscape(ImageSize(width: 240, height: 160)).encodeJPEG(quality: quality)
            let whole = try ImageDecoder().rgb(from: bytes)
            for size in [ImageSize(width: 60, height: 48), ImageSize(width: 130, height: 99)] {
                let part = try ImageDecoder().rgb(from: bytes) { photo in
                    #expect(photo == whole.size)
                    return PhotoView(region: region, size: size)
                }
                let (mean, greatest) = difference(part.pixels, try whole.resized(region, to: size).pixels)
                #expect(mean < 0.6 && greatest <= 6, "\(mean) \(greatest)")
            }
        }
    }

    @Test("a strong reduction decodes small and still shows the same")
    func reduction() throws {
        let bytes = try Self.landscape(ImageSize(width: 480, height: 320)).encodeJPEG(quality: 95)
        let region = PixelRegion(x0: 100, y0: 50, x1: 400, y1: 290)
        let size = ImageSize(width: 30, height: 24)
        let part = try ImageDecoder().rgb(from: bytes) { _ in PhotoView(region: region, size: size) }
        let expected = try ImageDecoder().rgb(from: bytes).resized(region, to: size)
        #expect(difference(part.pixels, expected.pixels).mean < 1.5)
    }

    @Test("regions are those of the upright photo, however it is stored", arguments: 1...8)
    func orientations(_ orientation: Int) throws {
        let bytes = try Fixtures.bytes("orientation_\(orientation).jpg")
        let whole = try ImageDecoder().rgb(from: bytes)
        let region = PixelRegion(x0: 1, y0: 2, x1: Double(whole.width) - 4, y1: Double(whole.height) - 1)
        let size = ImageSize(width: whole.width - 5, height: whole.height - 3)
        let part = try ImageDecoder().rgb(from: bytes) { _ in PhotoView(region: region, size: size) }
        #expect(difference(part.pixels, try whole.resized(region, to: size).pixels).mean < 1)
    }

    @Test(
        "every format has parts",
        arguments: ["rgb.png", "rgb.webp", "rgb.tiff", "gray.jpg", "cmyk.jpg", "progressive.jpg"])
    func formats(_ name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let whole = try ImageDecoder().rgb(from: bytes)
        let region = PixelRegion(x0: 2, y0: 1, x1: Double(whole.width) - 3, y1: Double(whole.height) - 2)
        let size = ImageSize(width: whole.width - 5, height: whole.height - 3)
        let part = try ImageDecoder().rgb(from: bytes) { _ in PhotoView(region: region, size: size) }
        #expect(difference(part.pixels, try whole.resized(region, to: size).pixels).mean < 1)
    }

    @Test("of whole pixels, without a change of size, a part is a crop but for the filter's zeros")
    func crop() throws {
        let image = Self.landscape(ImageSize(width: 40, height: 30))
        let part = try image.resized(PixelRegion(x0: 5, y0: 7, x1: 25, y1: 27), to: ImageSize(width: 20, height: 20))
        #expect(part == image.cropped(columns: 5..<25, rows: 7..<27))
    }

    @Test("damage above and within a part is found, damage below it is not looked for")
    func damage() throws {
        let bytes = try Self.landscape(ImageSize(width: 240, height: 320)).encodeJPEG(quality: 95)
        let cut = bytes.prefix(bytes.count / 2)
        let top = PhotoView(
            region: PixelRegion(x0: 0, y0: 0, x1: 240, y1: 60), size: ImageSize(width: 120, height: 30))
        let bottom = PhotoView(
            region: PixelRegion(x0: 0, y0: 250, x1: 240, y1: 320), size: ImageSize(width: 120, height: 35))
        let seen = try ImageDecoder().rgb(from: Data(cut)) { _ in top }
        #expect(seen == (try ImageDecoder().rgb(from: bytes) { _ in top }))
        #expect(throws: ImagingError.self) { try ImageDecoder().rgb(from: Data(cut)) { _ in bottom } }
    }
}
