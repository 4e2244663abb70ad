import CairnCore
import CairnImaging
import CairnRecipes
import Foundation
import Testing

@testable import CairnTrainingData

@Suite struct CropTests {
    @Test("a part resized in one step is Pillow's box resize", arguments: ["part", "enlarged part"])
    func part(_ name: String) throws {
        let isReduced = name == "part"
        let region =
            isReduced ? PixelRegion(x0: 3.25, y0: 2.5, x1: 20.75, y1: 14) : PixelRegion(x0: 5, y0: 4, x1: 14, y1: 11)
        let size = isReduced ? ImageSize(width: 11, height: 9) : ImageSize(width: 19, height: 13)
        let (mean, greatest) = difference(try picture.resized(region, to: size).pixels, try golden(name))
        // Pillow clips and rounds to 8 bits between its two passes, and this picture overshoots nearly everywhere.
        #expect(mean < 2.5, "\(mean) \(greatest)")
    }

    @Test("random resized crops keep to their areas and aspect ratios, and lie anywhere")
    func randomResized() {
        let photo = ImageSize(width: 400, height: 200)
        var (left, right, whole) = (0, 0, 0.0)
        for position in 0..<2000 {
            var random = TrainingRandom(seed: 1, .photo, 1, position)
            let region = CropRegions.randomResized(photo, area: [0.25, 0.64], aspect: [0.75, 4.0 / 3], &random)
            let (width, height) = (region.x1 - region.x0, region.y1 - region.y0)
            let share = width * height / 80_000
            let factor = width / height / 2
            #expect(share > 0.24 && share < 0.65 && factor > 0.74 && factor < 1.35)
            #expect(region.x0 >= 0 && region.y0 >= 0 && region.x1 <= 400 && region.y1 <= 200)
            left += region.x0 == 0 ? 1 : 0
            right += region.x1 == 400 ? 1 : 0
            whole += share
        }
        #expect(abs(whole / 2000 - 0.445) < 0.01)
        #expect(left > 5 && right > 5 && left < 200 && right < 200)
    }

    @Test("what never fits is clamped to the photo")
    func clamped() {
        var random = TrainingRandom(seed: 1, .photo, 1)
        let region = CropRegions.randomResized(
            ImageSize(width: 100, height: 50), area: [1, 1], aspect: [4, 4], &random)
        #expect(region.x0 == 0 && region.x1 == 100 && region.y1 - region.y0 == 25)
    }

    @Test("a random crop has the training size at the scale of its short side")
    func randomCrop() {
        let photo = ImageSize(width: 320, height: 160)
        for position in 0..<100 {
            var random = TrainingRandom(seed: 1, .photo, 1, position)
            let region = CropRegions.random(photo, target: ImageSize(width: 64, height: 64), shortSide: 80, &random)
            // Scale 1/2: 64 pixels are 128 of the photo's, on its grid of every second pixel.
            #expect(region.x1 - region.x0 == 128 && region.y1 - region.y0 == 128)
            #expect(region.x0.truncatingRemainder(dividingBy: 2) == 0 && region.x1 <= 320 && region.y1 <= 160)
        }
        var random = TrainingRandom(seed: 1, .photo, 1)
        // A target that does not fit enlarges the photo further than the short side says.
        let tall = CropRegions.random(photo, target: ImageSize(width: 64, height: 200), shortSide: 80, &random)
        #expect(tall.y0 == 0 && tall.y1 == 160 && abs(tall.x1 - tall.x0 - 51.2) < 1e-9)
    }

    @Test("shapes: squares, rectangles of about as many pixels, long sides")
    func shapes() {
        #expect(PhotoTarget(size: 224, shape: .square, aspect: 2) == .exact(ImageSize(width: 224, height: 224)))
        #expect(PhotoTarget(size: 224, shape: .aspectGroups, aspect: 1.3) == .exact(ImageSize(width: 256, height: 192)))
        #expect(PhotoTarget(size: 512, shape: .aspectGroups, aspect: 0.7) == .exact(ImageSize(width: 416, height: 640)))
        let long = PhotoTarget(size: 100, shape: .longSide, aspect: 1)
        #expect(long.size(ofPartWithWidth: 30, height: 60) == ImageSize(width: 50, height: 100))
        for aspect in stride(from: 0.3, to: 3, by: 0.05) {
            let shape = AspectGroups.shape(size: 448, aspect: aspect)
            #expect(abs(Double(shape.pixelCount) / Double(448 * 448) - 1) < 0.12)
            #expect(shape.width % 32 == 0 && shape.height % 32 == 0)
        }
    }

    @Test("the phase of an epoch is the last that has begun")
    func phases() throws {
        let stage = try stage(phases: [("hard", 3, .cutout), ("soft", 1, .horizontalFlip)], sizes: [(64, 2), (96, 3)])
        #expect(stage.augmentation(inEpoch: 1).map(\.kind) == [.horizontalFlip])
        #expect(stage.augmentation(inEpoch: 2).map(\.kind) == [.horizontalFlip])
        #expect(stage.augmentation(inEpoch: 3).map(\.kind) == [.cutout])
        #expect(stage.augmentation(inEpoch: 5).map(\.kind) == [.cutout])
    }

    @Test("each step happens as often as it says, and a photo alone decides about its numbers")
    func probabilities() throws {
        var flip = Augmentation(standard: .horizontalFlip)
        flip.probability = 0.3
        let augmenter = PhotoAugmenter(steps: [flip])
        var flipped = 0
        for position in 0..<1000 {
            var random = TrainingRandom(seed: 1, .photo, 1, position)
            var image = picture
            try augmenter.change(&image, &random)
            flipped += image == picture ? 0 : 1
        }
        #expect((250...350).contains(flipped))
    }

    private func stage(
        phases: [(String, Int, Augmentation.Kind)], sizes: [(Int, Int)]
    ) throws -> TrainingStage {
        let yaml = """
            {name: a, losses: [arcFace], source: test, sizes: [\(
                sizes.map { "{size: \($0.0), epochs: \($0.1)}" }.joined(separator: ", "))],
             augmentation: [\(
                phases.map { "{name: \($0.0), fromEpoch: \($0.1), steps: [\($0.2.rawValue)]}" }.joined(separator: ", "))]}
            """
        return try decodedStage(yaml)
    }
}
