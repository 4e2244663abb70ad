import CImageCodecs
import CairnCore
import Testing

@testable import CairnImaging

@Suite struct ResizingTests {
    @Test("resizing agrees with Pillow's Lanczos", arguments: [(40, 25), (48, 70), (9, 6)])
    func pillow(_ width: Int, _ height: Int) throws {
        let decoder = ImageDecoder()
        let golden = try decoder.rgb(contentsOf: Fixtures.path("texture_\(width).expected.png"))
        let texture = try decoder.rgb(contentsOf: Fixtures.path("texture.png"))
        let resized = try texture.resized(to: ImageSize(width: width, height: height))
        let (mean, greatest) = difference(resized.pixels, golden.pixels)
        // Pillow clips and rounds to 8 bits between its two passes.
        #expect(mean < 0.35)
        #expect(greatest <= 3)
        let gray = try texture.luma().resized(to: ImageSize(width: width, height: height))
        #expect(difference(gray.pixels, golden.luma().pixels).mean < 0.6)
    }

    @Test("a constant stays constant, however strong the reduction")
    func constant() throws {
        let image = RGBImage(
            size: ImageSize(width: 3000, height: 700), filledWith: Color(red: 255, green: 3, blue: 128))
        for target in [
            ImageSize(width: 1, height: 1), ImageSize(width: 17, height: 4), ImageSize(width: 3001, height: 5),
        ] {
            let resized = try image.resized(to: target)
            #expect(resized == RGBImage(size: target, filledWith: Color(red: 255, green: 3, blue: 128)))
        }
    }

    @Test("vector kernels give what the plain ones give", arguments: [1, 3, 4])
    func kernels(_ channels: Int) {
        var random = SplitMix(state: 3)
        for (source, target) in [((97, 61), (40, 25)), ((33, 20), (50, 41)), ((500, 3), (7, 2)), ((1, 9), (5, 1))] {
            let pixels = (0..<source.0 * source.1 * channels).map { _ in random.next() % 2 == 0 ? UInt8(255) : 0 }
            let results = [false, true].map { isPlain in
                var result = [UInt8](repeating: 9, count: target.0 * target.1 * channels)
                let isDone = cairn_resize_by(
                    pixels, Int32(source.0), Int32(source.1), Int32(channels), &result, Int32(target.0),
                    Int32(target.1), isPlain)
                #expect(isDone)
                return result
            }
            #expect(results[0] == results[1])
        }
    }

    @Test("pixel centres are at one half: a ramp keeps its values at mapped positions")
    func centres() throws {
        let ramp = GrayImage(
            size: ImageSize(width: 200, height: 8), pixels: (0..<8).flatMap { _ in (0..<200).map { UInt8($0 + 20) } })
        let resized = try ramp.resized(to: ImageSize(width: 50, height: 8))
        for x in 5..<45 {
            // Target centre x + 0.5 is source position 4 (x + 0.5), whose value is that - 0.5 + 20.
            let expected = (Double(x) + 0.5) * 4 - 0.5 + 20
            #expect(abs(Double(resized.pixels[x]) - expected) <= 1)
        }
    }

    @Test("luma has the weights of BT.601")
    func luma() {
        let image = RGBImage(
            size: ImageSize(width: 4, height: 1), pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
        #expect(image.luma().pixels == [76, 150, 29, 255])
    }
}
