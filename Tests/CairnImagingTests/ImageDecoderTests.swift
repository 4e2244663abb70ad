import CairnCore
import Foundation
import Testing

@testable import CairnImaging

@Suite struct ImageDecoderTests {
    let decoder = ImageDecoder()

    @Test("every lossless format gives the picture exactly", arguments: ["rgb.png", "rgb.webp", "rgb.tiff"])
    func lossless(_ name: String) throws {
        let decoded = try decoder.decodeRGB(contentsOf: Fixtures.path(name))
        #expect(decoded.image == Fixtures.picture)
        #expect(decoded.metadata.storedSize == Fixtures.size)
        #expect(decoded.metadata.size == Fixtures.size)
        #expect(decoded.bytes == (try Fixtures.bytes(name)))
    }

    @Test(
        "lossy formats give nearly the picture", arguments: ["rgb.avif", "rgb.heic", "standard.jpg", "progressive.jpg"])
    func lossy(_ name: String) throws {
        let image = try decoder.rgb(contentsOf: Fixtures.path(name))
        #expect(image.size == Fixtures.size)
        #expect(difference(image.pixels, Fixtures.picture.pixels).mean < 4)
    }

    @Test(
        "palettes, one bit, alpha and frames come out as Pillow has them",
        arguments: [
            ("palette.png", "palette"), ("bilevel.png", "bilevel"), ("rgba.png", "rgba"), ("rgba.webp", "rgba"),
            ("gray_alpha.png", "gray_alpha"), ("two_frames.gif", "two_frames"), ("gray.png", "gray"),
        ])
    func variants(_ name: String, _ expected: String) throws {
        let image = try decoder.rgb(contentsOf: Fixtures.path(name))
        let golden = try decoder.rgb(contentsOf: Fixtures.path("\(expected).expected.png"))
        #expect(difference(image.pixels, golden.pixels).greatest <= 1)
    }

    @Test("16-bit samples keep their high byte", arguments: ["gray16.png", "gray16.tiff"])
    func deepSamples(_ name: String) throws {
        #expect(try decoder.gray(contentsOf: Fixtures.path(name)) == Fixtures.picture.luma())
    }

    @Test("a JPEG's colours match Pillow's")
    func jpegColours() throws {
        let image = try decoder.rgb(contentsOf: Fixtures.path("plain.jpg"))
        let golden = try decoder.rgb(contentsOf: Fixtures.path("plain.expected.png"))
        #expect(difference(image.pixels, golden.pixels).greatest <= 2)
    }

    @Test("a JPEG's luma is Pillow's mode L")
    func jpegLuma() throws {
        let image = try decoder.gray(contentsOf: Fixtures.path("texture.jpg"))
        let golden = try decoder.gray(contentsOf: Fixtures.path("texture_luma.expected.png"))
        #expect(difference(image.pixels, golden.pixels).greatest <= 1)
    }

    @Test("gray and CMYK JPEGs and CMYK TIFFs decode to the picture's luma and colours")
    func otherColourSpaces() throws {
        let gray = try decoder.gray(contentsOf: Fixtures.path("gray.jpg"))
        #expect(difference(gray.pixels, Fixtures.picture.luma().pixels).mean < 2)
        #expect(try decoder.rgb(contentsOf: Fixtures.path("gray.jpg")) == gray.rgb())
        for name in ["cmyk.jpg", "cmyk.tiff"] {
            // An offset press has other colours than a screen: dark must be dark, and reddest where it was reddest.
            let image = try decoder.rgb(contentsOf: Fixtures.path(name))
            #expect(image.size == Fixtures.size)
            let luma = image.luma().pixels
            #expect(luma[0] < 60)
            #expect(luma[24 * 16 - 1] > 150)
            let right = 23 * 3
            #expect(image.pixels[right] > image.pixels[right + 1])
            #expect(difference(luma, Fixtures.picture.luma().pixels).mean < 30)
        }
    }

    @Test("the eight orientations all give the same upright picture", arguments: ImageOrientation.allCases)
    func orientations(_ orientation: ImageOrientation) throws {
        let decoded = try decoder.decodeRGB(contentsOf: Fixtures.path("orientation_\(orientation.rawValue).jpg"))
        #expect(decoded.metadata.orientation == orientation)
        #expect(decoded.metadata.size == Fixtures.size)
        #expect(decoded.metadata.storedSize.width == (orientation.swapsAxes ? 16 : 24))
        #expect(difference(decoded.image.pixels, Fixtures.picture.pixels).mean < 2)
        let gray = try decoder.gray(contentsOf: Fixtures.path("orientation_\(orientation.rawValue).jpg"))
        #expect(difference(gray.pixels, Fixtures.picture.luma().pixels).mean < 2)
    }

    @Test("orientation is honoured outside JPEG", arguments: ["png", "webp", "tiff", "avif"])
    func orientationElsewhere(_ suffix: String) throws {
        let image = try decoder.rgb(contentsOf: Fixtures.path("orientation_6.\(suffix)"))
        #expect(image.size == Fixtures.size)
        #expect(difference(image.pixels, Fixtures.picture.pixels).mean < (suffix == "avif" ? 4 : 0.001))
    }

    @Test(
        "an embedded profile is converted to sRGB as by ImageCms",
        arguments: [("wide.jpg", "wide"), ("wide.png", "wide_exact")])
    func profiles(_ name: String, _ expected: String) throws {
        let decoded = try decoder.decodeRGB(contentsOf: Fixtures.path(name))
        let golden = try decoder.rgb(contentsOf: Fixtures.path("\(expected).expected.png"))
        #expect(decoded.metadata.hasProfile)
        #expect(difference(decoded.image.pixels, golden.pixels).mean < 1)
        // The conversion is not a small one.
        #expect(difference(decoded.image.pixels, Fixtures.picture.pixels).mean > 5)
        #expect(try decoder.gray(contentsOf: Fixtures.path(name)) == decoded.image.luma())
    }

    @Test("an embedded sRGB profile changes nothing")
    func standardProfile() throws {
        let decoded = try decoder.decodeRGB(contentsOf: Fixtures.path("standard.jpg"))
        #expect(decoded.metadata.hasProfile)
        #expect(decoded.image == (try decoder.rgb(contentsOf: Fixtures.path("plain.jpg"))))
    }

    @Test("time and place are read, and the picture turned")
    func metadata() throws {
        let metadata = try decoder.metadata(contentsOf: Fixtures.path("located.jpg"))
        #expect(metadata.orientation == .down)
        #expect(metadata.captureTime?.text == "2024:02:29 23:30:15")
        #expect(metadata.captureTime?.secondsFromGMT == 19_800)
        // 2024-02-29 18:00:15 UTC.
        #expect(metadata.captureTime?.date == Date(timeIntervalSince1970: 1_709_229_615))
        let position = try #require(metadata.position)
        #expect(abs(position.latitude - -33.8569) < 1e-9)
        #expect(abs(position.longitude - 151.2151) < 1e-9)
    }

    @Test("a reduced JPEG is as a full decode reduced by Lanczos")
    func reduction() throws {
        let full = try decoder.rgb(contentsOf: Fixtures.path("texture.png"))
        let smooth = try full.resized(to: ImageSize(width: 2000, height: 1258))
        let bytes = try smooth.encodeJPEG(quality: 95)
        for side in [1999, 1024, 700, 333, 250, 100, 7, 1] {
            let reducing = ImageDecoder(configuration: DecodingConfiguration(maximumLongSide: side))
            let decoded = try reducing.decodeRGB(from: bytes)
            #expect(decoded.image.size == smooth.size.fitted(toLongSide: side))
            #expect(decoded.metadata.size == smooth.size)
            let exact = try decoder.rgb(from: bytes).resized(toLongSide: side)
            #expect(difference(decoded.image.pixels, exact.pixels).mean < 2)
            let gray = try reducing.gray(from: bytes)
            #expect(difference(gray.pixels, exact.luma().pixels).mean < 2)
        }
    }

    @Test("images are never enlarged")
    func noEnlargement() throws {
        let large = ImageDecoder(configuration: DecodingConfiguration(maximumLongSide: 4000))
        #expect(try large.rgb(contentsOf: Fixtures.path("rgb.png")) == Fixtures.picture)
    }

    @Test("the smallest and the narrowest images decode")
    func extremeShapes() throws {
        for size in [
            ImageSize(width: 1, height: 1), ImageSize(width: 1, height: 20_000), ImageSize(width: 20_000, height: 1),
        ] {
            let image = RGBImage(size: size, filledWith: .red)
            for bytes in [try image.encodeJPEG(), try image.encodePNG()] {
                #expect(try decoder.rgb(from: bytes).size == size)
                let reduced = try ImageDecoder(configuration: .localFeatures).rgb(from: bytes)
                #expect(reduced.size == size.fitted(toLongSide: 1024))
                #expect(abs(Int(reduced.pixels[0]) - 230) <= 2)
            }
        }
    }

    @Test("many threads decode at once")
    func concurrency() async throws {
        let names = try Fixtures.images()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for name in names {
                        let image = try decoder.rgb(contentsOf: Fixtures.path(name))
                        #expect(image.size.pixelCount > 0)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
