import CairnCore
import CairnImaging
import CairnRecipes
import Foundation
import Testing

@testable import CairnTrainingData

@Suite struct AugmentationTests {
    @Test(
        "colour changes agree with torchvision to 1",
        arguments: [
            ("brightness 1.4", ColorJitter.Change.brightness(1.4)), ("contrast 0.6", .contrast(0.6)),
            ("contrast 1.7", .contrast(1.7)), ("saturation 0.3", .saturation(0.3)),
            ("saturation 1.8", .saturation(1.8)), ("hue 0.2", .hue(0.2)), ("hue -0.35", .hue(-0.35)),
        ])
    func colors(_ name: String, _ change: ColorJitter.Change) throws {
        var image = picture
        ColorJitter([change]).apply(to: &image)
        // torchvision cuts fractions off where samples here are rounded.
        #expect(difference(image.pixels, try golden(name)).greatest <= 1)
        #expect(image != picture)
    }

    @Test("hue turned by a third exchanges channels exactly")
    func hueTurn() {
        var image = RGBImage(size: ImageSize(width: 2, height: 1), pixels: [200, 10, 60, 7, 7, 7])
        ColorJitter([.hue(1.0 / 3)]).apply(to: &image)
        #expect(image.pixels == [60, 200, 10, 7, 7, 7])
    }

    @Test("drawn factors stay within their amounts, and the order varies")
    func drawnColors() {
        var orders: Set<String> = []
        for position in 0..<300 {
            var random = TrainingRandom(seed: 4, .photo, 1, position)
            let jitter = ColorJitter(brightness: 0.2, contrast: 0.3, saturation: 0.4, hue: 0.1, &random)
            #expect(jitter.changes.count == 4)
            for change in jitter.changes {
                switch change {
                case .brightness(let factor): #expect(abs(factor - 1) <= 0.2)
                case .contrast(let factor): #expect(abs(factor - 1) <= 0.3)
                case .saturation(let factor): #expect(abs(factor - 1) <= 0.4)
                case .hue(let turn): #expect(abs(turn) <= 0.1)
                }
            }
            orders.insert(jitter.changes.map { String("\($0)".prefix(3)) }.joined())
        }
        #expect(orders.count == 24)
    }

    @Test("grayscale is Pillow's, exactly")
    func grayscale() throws {
        var image = picture
        image.removeColors()
        #expect(image.pixels == (try golden("grayscale")))
    }

    @Test("blur agrees with OpenCV to 1")
    func blur() throws {
        var image = picture
        GaussianBlur(sigma: 1.3).apply(to: &image)
        #expect(difference(image.pixels, try golden("blur 1.3")).greatest <= 1)
        var flat = RGBImage(size: ImageSize(width: 9, height: 5), filledWith: Color(red: 255, green: 0, blue: 77))
        GaussianBlur(sigma: 3).apply(to: &flat)
        #expect(flat == RGBImage(size: flat.size, filledWith: Color(red: 255, green: 0, blue: 77)))
    }

    @Test("flip is left to right, twice is nothing")
    func flip() {
        var image = picture
        image.flipHorizontally()
        for y in 0..<16 {
            for x in 0..<24 {
                for c in 0..<3 {
                    #expect(image.pixels[(y * 24 + x) * 3 + c] == picture.pixels[(y * 24 + 23 - x) * 3 + c])
                }
            }
        }
        image.flipHorizontally()
        #expect(image == picture)
    }

    @Test("warps agree with OpenCV's, and with a plain bilinear one")
    func warp() throws {
        let turned = ShiftScaleRotate(shiftX: 0.1, shiftY: -0.05, scale: 1.2, degrees: 30)
        let (mean, greatest) = difference(turned.applied(to: picture).pixels, try golden("warp 0.1 -0.05 1.2 30"))
        // OpenCV rounds places to 1/32 of a pixel, in a picture that changes by up to 200 from one to the next.
        #expect(mean < 1.5 && greatest <= 8, "\(mean) \(greatest)")
        #expect(difference(turned.applied(to: picture).pixels, bruteWarp(picture, turned)).greatest <= 2)
        let shrunk = ShiftScaleRotate(scale: 0.5)
        #expect(difference(shrunk.applied(to: picture).pixels, try golden("warp 0 0 0.5 0")).greatest <= 1)
        #expect(ShiftScaleRotate().applied(to: picture) == picture)
    }

    @Test("cutout blots out its rectangle and nothing else, of the size that was asked for")
    func cutout() {
        var covered = 0
        for position in 0..<200 {
            var random = TrainingRandom(seed: 9, .photo, position)
            let cutout = Cutout(width: 24, height: 16, size: 0.5, &random)
            #expect(cutout.columns.count <= 12 && cutout.rows.count <= 8)
            covered += cutout.columns.count == 12 && cutout.rows.count == 8 ? 1 : 0
            var image = picture
            cutout.apply(to: &image)
            for y in 0..<16 {
                for x in 0..<24 {
                    let index = (y * 24 + x) * 3
                    let expected =
                        cutout.columns.contains(x) && cutout.rows.contains(y)
                        ? Cutout.color : Array(picture.pixels[index..<index + 3])
                    #expect(Array(image.pixels[index..<index + 3]) == expected)
                }
            }
        }
        // A centre within the middle half of both sides: a quarter of all.
        #expect((30...75).contains(covered))
    }

    @Test("JPEG compression loses more at lower quality, and decodes to the same size")
    func compression() throws {
        let image = gradient(ImageSize(width: 64, height: 48), seed: 3)
        let good = difference(try image.compressedAsJPEG(quality: 95).pixels, image.pixels).mean
        let bad = difference(try image.compressedAsJPEG(quality: 10).pixels, image.pixels).mean
        #expect(good > 0 && good < 4 && bad > 1.5 * good, "\(good) \(bad)")
    }

    private func bruteWarp(_ image: RGBImage, _ warp: ShiftScaleRotate) -> [UInt8] {
        func reflected(_ index: Int, _ length: Int) -> Int {
            var place = index
            while place < 0 || place >= length { place = place < 0 ? -place : 2 * (length - 1) - place }
            return place
        }
        let angle = warp.degrees * .pi / 180
        var result: [UInt8] = []
        for y in 0..<image.height {
            for x in 0..<image.width {
                let dx = Double(x) + 0.5 - Double(image.width) * (0.5 + warp.shiftX)
                let dy = Double(y) + 0.5 - Double(image.height) * (0.5 + warp.shiftY)
                let u = (cos(angle) * dx - sin(angle) * dy) / warp.scale + Double(image.width) / 2 - 0.5
                let v = (sin(angle) * dx + cos(angle) * dy) / warp.scale + Double(image.height) / 2 - 0.5
                for c in 0..<3 {
                    var sum = 0.0
                    for (i, wy) in [(0, 1 - (v - floor(v))), (1, v - floor(v))] {
                        for (j, wx) in [(0, 1 - (u - floor(u))), (1, u - floor(u))] {
                            let row = reflected(Int(floor(v)) + i, image.height)
                            let column = reflected(Int(floor(u)) + j, image.width)
                            sum += wy * wx * Double(image.pixels[(row * image.width + column) * 3 + c])
                        }
                    }
                    result.append(UInt8(sum.rounded()))
                }
            }
        }
        return result
    }
}
