import CairnCore
import Testing

@testable import CairnImaging

@Suite struct ImageEncodingTests {
    let decoder = ImageDecoder()

    @Test("PNG gives back what was written")
    func png() throws {
        let texture = try decoder.rgb(contentsOf: Fixtures.path("texture.png"))
        let bytes = try texture.encodePNG()
        #expect(try decoder.metadata(from: bytes).format == .png)
        #expect(try decoder.rgb(from: bytes) == texture)
        let gray = texture.luma()
        #expect(try decoder.gray(from: gray.encodePNG()) == gray)
    }

    @Test("JPEG gives nearly back what was written, the better the higher the quality")
    func jpeg() throws {
        let texture = try decoder.rgb(contentsOf: Fixtures.path("texture.png"))
        let errors = try [30, 75, 90, 100].map { quality in
            difference(try decoder.rgb(from: texture.encodeJPEG(quality: quality)).pixels, texture.pixels).mean
        }
        #expect(errors == errors.sorted(by: >))
        #expect(errors[3] < 1)
        let gray = texture.luma()
        #expect(difference(try decoder.gray(from: gray.encodeJPEG(quality: 100)).pixels, gray.pixels).mean < 0.6)
    }

    @Test("an image that JPEG cannot hold is an error")
    func tooWide() throws {
        let image = GrayImage(size: ImageSize(width: 70_000, height: 1))
        let error = #expect(throws: ImagingError.self) { try image.encodeJPEG() }
        #expect(error?.code == .encodingFailed)
        #expect(error?.cause != nil)
    }
}
