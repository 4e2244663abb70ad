import CairnCore
import CairnGeometry
import CairnImaging
import Foundation
import Testing

@testable import CairnFeatures

/// A network that is a function.
private struct ScriptedNetwork: KeypointNetwork {
    var inputs: [NetworkPort] = []
    var outputs: [NetworkPort] = []
    var body: @Sendable ([NetworkArray]) throws -> [NetworkArray]

    func run(_ inputs: [NetworkArray]) throws -> [NetworkArray] { try body(inputs) }
}

@Suite("Matching without keypoints")
struct LearnedMatchingDetectorFreeTests {
    private static let channels = 2

    /// Fine features say where they are: (column, row). Coarse ones are a cell's number.
    private static func features(_ size: ImageSize) -> ScriptedNetwork {
        ScriptedNetwork { _ in
            let cells = size.pixelCount / 64
            let (columns, rows) = (size.width / 2, size.height / 2)
            return [
                NetworkArray(shape: [1, cells, 1], values: (0..<cells).map(Float.init)),
                NetworkArray(
                    shape: [1, rows, columns, channels],
                    values: (0..<(rows * columns)).flatMap { [Float($0 % columns), Float($0 / columns)] }),
            ]
        }
    }

    /// Every cell of the first image matches the one of the second that is `shift` further on.
    private static func coarse(shift: Int, confidence: @escaping @Sendable (Int) -> Float) -> ScriptedNetwork {
        ScriptedNetwork { arrays in
            let (rows, columns) = (arrays[0].shape[1], arrays[2].shape[1])
            var values = [Float](repeating: 0, count: rows * columns)
            for row in 0..<rows where row + shift < columns && row + shift >= 0 {
                values[row * columns + row + shift] = confidence(row)
            }
            return [arrays[0], arrays[2], NetworkArray(shape: [1, rows, columns], values: values)]
        }
    }

    private static func model(
        shift: Int, confidence: @escaping @Sendable (Int) -> Float = { _ in 0.5 },
        fine: @escaping @Sendable ([NetworkArray]) throws -> [NetworkArray]
    ) -> DetectorFreeModel {
        .loftr(
            features: { features($0) }, coarse: { _, _ in coarse(shift: shift, confidence: confidence) },
            fine: ScriptedNetwork(
                inputs: [NetworkPort(name: "a_windows", dimensions: [7, 25, channels])], body: fine))
    }

    private static func image(_ width: Int, _ height: Int) -> RGBImage {
        RGBImage(
            size: ImageSize(width: width, height: height), pixels: [UInt8](repeating: 90, count: 3 * width * height))
    }

    @Test("matches cells away from the edges, and moves them by what the fine network says")
    func positions() throws {
        let matcher = try DetectorFreeMatcher(
            model: Self.model(shift: 1) { arrays in
                // Half a window is 2 fine steps, that is 4 pixels.
                [NetworkArray(shape: [7, 3], values: (0..<7).flatMap { _ in [0.5, -0.25, 0.1] })]
            })
        let image = Self.image(64, 96)
        let matches = try matcher.matches(query: image, candidate: image)
        // 8 x 12 cells, without two at each edge, and without column 5, whose partners are too near the edge.
        #expect(matches.count == 3 * 8)
        for match in matches {
            #expect(match.candidate.x - match.query.x == 8 + 2)
            #expect(match.candidate.y - match.query.y == -1)
            #expect(match.confidence == 0.5)
        }
        #expect(matches.first?.query == PixelPoint(x: 16, y: 16))
        let verifier = try GeometricVerifier(configuration: .homography)
        let model = try verifier.verify(
            matches.map(\.correspondence), sourceSize: image.size, targetSize: image.size)
        #expect(model?.inliers.count == matches.count)
    }

    @Test(
        "gives the fine network the windows around each cell's centre, with zeros outside the image and after the last match"
    )
    func windows() throws {
        var configuration = DetectorFreeConfiguration.loftr
        configuration.border = 0
        configuration.maximumMatches = 9
        let matcher = try DetectorFreeMatcher(
            model: Self.model(shift: 0, confidence: { 1 - Float($0) / 100 }) { arrays in
                #expect(arrays.map(\.shape) == [[7, 25, 2], [7, 1], [7, 25, 2], [7, 1]])
                if arrays[1].values[0] == 0 {
                    let window = Array(arrays[0].values[..<50])
                    // Cell 0: two rows and columns are outside; its centre is fine feature (0, 0), the last is (2, 2).
                    #expect(window[..<24].allSatisfy { $0 == 0 } && window[48...] == [2, 2])
                    // Cell 1 is centred at fine column 4.
                    #expect(arrays[0].values[(50 + 24)..<(50 + 26)] == [4, 0])
                    #expect(arrays[1].values == [0, 1, 2, 3, 4, 5, 6])
                } else {
                    #expect(arrays[3].values == [7, 8, 0, 0, 0, 0, 0])
                    #expect(arrays[2].values[100...].allSatisfy { $0 == 0 })
                }
                return [NetworkArray(shape: [7, 3], values: [Float](repeating: 0, count: 21))]
            }, configuration: configuration)
        let matches = try matcher.matches(query: Self.image(64, 64), candidate: Self.image(64, 64))
        #expect(matches.map(\.confidence) == (0..<9).map { 1 - Float($0) / 100 })
    }

    @Test("marks padding, gives no matches there, and reports positions in the image as given")
    func padding() throws {
        var configuration = DetectorFreeConfiguration.loftr
        configuration.border = 0
        configuration.longSide = 80
        let features: @Sendable (ImageSize) throws -> any KeypointNetwork = { Self.features($0) }
        let model = DetectorFreeModel.loftr(
            features: features,
            coarse: { rows, columns in
                ScriptedNetwork { arrays in
                    // 80 x 60 in an input of 96 x 64: 8 columns at the left and right, 2 rows above and below.
                    let validity = arrays[1].values
                    #expect(validity.count == 96)
                    #expect(validity.reduce(0, +) == 10 * 7)
                    #expect(
                        validity[0] == 0 && validity[12] == 0 && validity[13] == 1 && validity[22] == 1
                            && validity[23] == 0)
                    return try Self.coarse(shift: 0) { _ in 0.9 }.run(arrays)
                }
            },
            fine: ScriptedNetwork(inputs: [NetworkPort(name: "windows", dimensions: [128, 25, 2])]) { _ in
                [NetworkArray(shape: [128, 3], values: [Float](repeating: 0, count: 384))]
            })
        let matcher = try DetectorFreeMatcher(model: model, configuration: configuration)
        let features0 = try matcher.features(of: Self.image(160, 120))
        #expect(features0.imageSize == ImageSize(width: 160, height: 120))
        let matches = try matcher.matches(query: features0, candidate: features0)
        #expect(matches.count == 70)
        // Cell (1, 1) lies 8 - 8 columns and 8 - 2 rows into the reduced image, which is half as large.
        #expect(matches.first?.query == PixelPoint(x: 0, y: 12))
        #expect(matches.last?.query == PixelPoint(x: 2 * 72, y: 2 * 54))
    }

    @Test("keeps only pairs of cells that are each other's surest")
    func mutual() throws {
        let matcher = try DetectorFreeMatcher(
            model: .loftr(
                features: { Self.features($0) },
                coarse: { rows, columns in
                    ScriptedNetwork { arrays in
                        // All cells choose cell 18, of which cell 20 is the surest.
                        var values = [Float](repeating: 0, count: rows * columns)
                        for row in 0..<rows { values[row * columns + 18] = row == 20 ? 0.9 : 0.8 }
                        return [arrays[0], arrays[2], NetworkArray(shape: [1, rows, columns], values: values)]
                    }
                },
                fine: ScriptedNetwork(inputs: [NetworkPort(name: "windows", dimensions: [4, 25, 2])]) { _ in
                    [NetworkArray(shape: [4, 3], values: [Float](repeating: 0, count: 12))]
                }))
        let matches = try matcher.matches(query: Self.image(64, 64), candidate: Self.image(64, 64))
        #expect(matches.map(\.query) == [PixelPoint(x: 32, y: 16)])
        #expect(matches.map(\.candidate) == [PixelPoint(x: 16, y: 16)])
    }

    @Test("refuses networks of other shapes and settings that make no sense")
    func refusals() throws {
        let broken = DetectorFreeModel.loftr(
            features: { _ in ScriptedNetwork { _ in [NetworkArray(shape: [1], values: [0])] } },
            coarse: { _, _ in Self.coarse(shift: 0) { _ in 1 } }, fine: ScriptedNetwork { $0 })
        let image = Self.image(64, 64)
        #expect(throws: FeatureError.self) { try DetectorFreeMatcher(model: broken).features(of: image) }
        let withoutFine = DetectorFreeModel.loftr(
            features: { Self.features($0) }, coarse: { _, _ in Self.coarse(shift: 0) { _ in 1 } },
            fine: ScriptedNetwork { $0 })
        #expect(throws: FeatureError.self) {
            try DetectorFreeMatcher(model: withoutFine).matches(query: image, candidate: image)
        }
        let json = Data(#"{"sizeMultiple": 12}"#.utf8)
        #expect(throws: FeatureError.self) { try JSONDecoder().decode(DetectorFreeConfiguration.self, from: json) }
        let unknown = Data(#"{"cells": 12}"#.utf8)
        #expect(throws: (any Error).self) { try JSONDecoder().decode(DetectorFreeConfiguration.self, from: unknown) }
    }
}
