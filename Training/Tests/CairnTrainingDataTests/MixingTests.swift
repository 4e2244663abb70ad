import CairnCore
import CairnImaging
import CairnRecipes
import Testing

@testable import CairnTrainingData

@Suite struct MixingTests {
    let red = RGBImage(size: ImageSize(width: 10, height: 8), filledWith: Color(red: 250, green: 0, blue: 0))
    let blue = RGBImage(size: ImageSize(width: 10, height: 8), filledWith: Color(red: 0, green: 0, blue: 250))

    func isBlue(_ image: RGBImage, _ x: Int, _ y: Int) -> Bool { image.pixels[(y * image.width + x) * 3 + 2] == 250 }

    @Test(
        "Corner-CutMix covers exactly a corner of the asked size",
        arguments: [
            (0, 0..<5, 0..<4), (1, 5..<10, 0..<4), (2, 0..<5, 4..<8), (3, 5..<10, 4..<8),
        ])
    func corners(_ corner: Int, _ columns: Range<Int>, _ rows: Range<Int>) throws {
        let region = CornerRegion(of: red.size, side: 0.5, corner: corner)
        let mixed = try region.pasted(blue, onto: red)
        for y in 0..<8 { for x in 0..<10 { #expect(isBlue(mixed, x, y) == (columns.contains(x) && rows.contains(y))) } }
    }

    @Test("Corner-CutMix shows the whole other photo, resized, and labels count half each; all corners come")
    func corner() throws {
        let mixer = PhotoMixer(mixing: ImageMixing(standard: .cornerCutmix))
        let small = try picture.resized(to: ImageSize(width: 12, height: 8))
        var corners: Set<Int> = []
        let under = RGBImage(size: picture.size, filledWith: .black)
        for position in 0..<40 {
            var random = TrainingRandom(seed: 1, .mixing, position)
            let mixed = try #require(try mixer.mixed(under, with: picture, &random))
            #expect(mixed.share == 0.5)
            for corner in 0..<4 {
                let (x, y) = (corner % 2 * 12, corner / 2 * 8)
                if mixed.image.cropped(columns: x..<x + 12, rows: y..<y + 8) == small { corners.insert(corner) }
            }
        }
        #expect(corners.count == 4)
    }

    @Test("CutMix exchanges a rectangle at its place, and labels count by area")
    func cutmix() throws {
        let region = CutMixRegion(columns: 2..<6, rows: 1..<3)
        let other = gradient(red.size, seed: 4)
        let mixed = try region.pasted(other, onto: red)
        for y in 0..<8 {
            for x in 0..<10 {
                let index = (y * 10 + x) * 3
                let source = (2..<6).contains(x) && (1..<3).contains(y) ? other : red
                #expect(Array(mixed.pixels[index..<index + 3]) == Array(source.pixels[index..<index + 3]))
            }
        }
        #expect(region.share(of: red.size) == 0.9)
        var shares: [Float] = []
        for position in 0..<2000 {
            var random = TrainingRandom(seed: 2, .mixing, position)
            let size = ImageSize(width: 100, height: 100)
            let drawn = CutMixRegion(of: size, beta: 1, &random)
            #expect(drawn.columns.lowerBound >= 0 && drawn.columns.upperBound <= 100)
            shares.append(drawn.share(of: size))
        }
        // Beta(1, 1) is uniform; of a rectangle of relative side s, 1 - s/4 of each side is left on average:
        // the replaced area is E[s² (1 - s/4)²] with s² uniform, 1/2 - 1/5 + 1/48 = 0.321.
        let mean = shares.reduce(0, +) / 2000
        #expect(abs(mean - 0.679) < 0.02, "\(mean)")
    }

    @Test("photos of other sizes give the part at the same place, resized")
    func otherSizes() throws {
        let large = try picture.resized(to: ImageSize(width: 48, height: 32))
        let under = RGBImage(size: ImageSize(width: 12, height: 8), filledWith: .black)
        let mixed = try CutMixRegion(columns: 3..<9, rows: 2..<6).pasted(large, onto: under)
        let part = try large.resized(
            PixelRegion(x0: 12, y0: 8, x1: 36, y1: 24), to: ImageSize(width: 6, height: 4))
        #expect(mixed.cropped(columns: 3..<9, rows: 2..<6) == part)
    }

    @Test("two streams give plain and mixed photos, one stream mixed ones alone")
    func streams() throws {
        let folder = try PhotoFolder()
        defer { withExtendedLifetime(folder) {} }
        let photos = try folder.photos(classes: 3, perClass: 4)
        let plan = try EpochSampler(photos: photos, sampler: BatchSampler(), batchSize: 12, seed: 1).plan(epoch: 1)
        func batch(_ mixing: ImageMixing?) throws -> TrainingBatch {
            let settings = BatchSettings(size: 32, mixing: mixing, seed: 1)
            return try #require(try BatchLoader(photos: photos, plan: plan, settings: settings).next())
        }
        let plain = try batch(nil)
        let two = try batch(ImageMixing(standard: .cornerCutmix))
        #expect(bytes(two.images) == bytes(plain.images) && two.streams.count == 2)
        let mixed = try #require(two.mixed)
        #expect(mixed.share == [Float](repeating: 0.5, count: 12) && mixed.first == two.labels)
        // Each row's corner is a photo of the class that it names.
        for row in 0..<12 {
            let image = mixed.images[0].image(at: row)
            let isFound = try (0..<12).contains { other in
                guard two.labels[other] == mixed.second[row], other != row else { return false }
                return try (0..<4).contains { corner in
                    let region = CornerRegion(of: image.size, side: 0.5, corner: corner)
                    return try region.pasted(two.images[0].image(at: other), onto: two.images[0].image(at: row))
                        == image
                }
            }
            #expect(isFound)
        }
        let one = try batch(ImageMixing(standard: .cutmix))
        #expect(one.images.isEmpty && one.streams.count == 1 && one.streams[0].images[0].count == 12)
        let share = try #require(one.mixed).share
        #expect(share.contains(1) && share.contains { $0 < 1 })
        #expect(plain.mixed == nil && plain.streams.count == 1 && !plain.streams[0].isMixed)
    }

    @Test("the Beta distribution has its mean and variance", arguments: [0.2, 1.0, 5.0])
    func beta(_ parameter: Double) {
        var random = TrainingRandom(seed: 3, .mixing)
        let values = (0..<20_000).map { _ in random.symmetricBeta(parameter) }
        let mean = values.reduce(0, +) / 20_000
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 20_000
        #expect(abs(mean - 0.5) < 0.01)
        #expect(abs(variance / (1 / (4 * (2 * parameter + 1))) - 1) < 0.05)
    }

    @Test("partners are never oneself, and in batches of 8 stay with any process of up to 8")
    func partners() {
        for position in 0..<50 {
            var random = TrainingRandom(seed: 1, .mixing, position)
            let offset = PhotoMixer.offset(count: 12, &random)
            #expect((1...11).contains(offset))
            #expect([8, 16, 24].contains(PhotoMixer.offset(count: 32, &random)))
        }
    }
}
