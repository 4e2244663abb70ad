import CairnCore
import Foundation
import Testing

@testable import CairnGeometry

@Suite struct ModelAndConfigurationTests {
    @Test("A configuration survives JSON, and missing options take the preset's defaults")
    func coding() throws {
        var configuration = VerificationConfiguration.fundamental
        configuration.seed = 42
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(VerificationConfiguration.self, from: data) == configuration)
        let short = Data(#"{"model": "fundamental", "confidence": 0.9}"#.utf8)
        let decoded = try JSONDecoder().decode(VerificationConfiguration.self, from: short)
        #expect(decoded.confidence == 0.9 && decoded.threshold == 2 && decoded.minimumInliers == 16)
    }

    @Test("An unknown option is an error that names it")
    func unknownOption() {
        let error = #expect(throws: UnknownSettingError.self) {
            _ = try JSONDecoder().decode(VerificationConfiguration.self, from: Data(#"{"treshold": 3}"#.utf8))
        }
        #expect(error?.message.contains("“treshold”") == true)
    }

    @Test("Impossible options are refused by name")
    func refusals() throws {
        let cases: [(String, (inout VerificationConfiguration) -> Void)] = [
            ("threshold", { $0.threshold = 0 }), ("threshold", { $0.threshold = .nan }),
            ("confidence", { $0.confidence = 1 }), ("maximumIterations", { $0.maximumIterations = -1 }),
            ("minimumInliers", { $0.minimumInliers = 3 }), ("maximumScaleFactor", { $0.maximumScaleFactor = 1 }),
            ("maximumRotationDifference", { $0.maximumRotationDifference = 4 }),
            ("maximumAnisotropy", { $0.maximumAnisotropy = .nan }),
        ]
        for (name, change) in cases {
            var configuration = VerificationConfiguration.homography
            change(&configuration)
            let error = #expect(throws: GeometryError.self) { _ = try GeometricVerifier(configuration: configuration) }
            #expect(error?.kind == .invalidArgument && error?.message.contains(name) == true)
        }
        for preset in [VerificationConfiguration.homography, .affine, .fundamental, .thorough] {
            _ = try GeometricVerifier(configuration: preset)
        }
    }

    @Test("A model projects points and frames, and survives JSON")
    func projection() throws {
        let model = GeometricModel(kind: .homography, matrix: Matrix3(2, 0, 10, 0, 2, 20, 0, 0, 1), inliers: [0, 2])
        #expect(model.project(PixelPoint(x: 1, y: 2)) == PixelPoint(x: 12, y: 24))
        #expect(
            model.projectedFrame(of: ImageSize(width: 4, height: 3))
                == [
                    PixelPoint(x: 10, y: 20), PixelPoint(x: 18, y: 20), PixelPoint(x: 18, y: 26),
                    PixelPoint(x: 10, y: 26),
                ])
        let steep = GeometricModel(kind: .homography, matrix: Matrix3(1, 0, 0, 0, 1, 0, -0.01, 0, 1), inliers: [])
        #expect(steep.projectedFrame(of: ImageSize(width: 200, height: 100)) == nil, "the horizon crosses the frame")
        #expect(
            GeometricModel(kind: .fundamental, matrix: .identity, inliers: []).project(PixelPoint(x: 1, y: 1)) == nil)
        #expect(try JSONDecoder().decode(GeometricModel.self, from: JSONEncoder().encode(model)) == model)
        #expect(throws: DecodingError.self) { _ = try JSONDecoder().decode(Matrix3.self, from: Data("[1,2,3]".utf8)) }
    }

    @Test("The inlier region is the convex hull of the inliers alone")
    func region() {
        let points = [(0, 0), (4, 0), (4, 3), (0, 3), (2, 1), (2, 0), (50, 50)].map { PixelPoint(x: $0.0, y: $0.1) }
        let items = points.map { Correspondence(source: $0, target: PixelPoint(x: $0.x + 1, y: $0.y)) }
        let model = GeometricModel(kind: .homography, matrix: .translation(1, 0), inliers: [0, 1, 2, 3, 4, 5])
        #expect(model.sourceRegion(of: items) == Array(points[0..<4]))
        #expect(model.targetRegion(of: items) == [(1, 0), (5, 0), (5, 3), (1, 3)].map { PixelPoint(x: $0.0, y: $0.1) })
        #expect(ConvexHull.corners(of: []) == [])
        #expect(ConvexHull.corners(of: [points[0], points[0]]) == [points[0]])
    }
}
