import CairnCore
import CairnImaging
import Foundation
import Testing

@testable import CairnFeatures

@Suite("SIFT")
struct SIFTExtractorTests {
    private struct PeerKeypoint: Decodable {
        var x: Float
        var y: Float
        var scale: Float
        var angle: Float
        var descriptor: [UInt8]
    }

    /// The scene of Fixtures/make_sift_fixture.py.
    private func scene() throws -> GrayImage {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/sift-scene", withExtension: "pgm"))
        let bytes = [UInt8](try Data(contentsOf: url))
        let size = ImageSize(width: 240, height: 180)
        return GrayImage(size: size, pixels: Array(bytes.suffix(size.pixelCount)))
    }

    private func distance(_ left: ArraySlice<UInt8>, _ right: [UInt8]) -> Double {
        zip(left, right).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot()
    }

    @Test("finds the keypoints that OpenCV finds, with the same place, size, direction and descriptor")
    func agreesWithOpenCV() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/sift-opencv", withExtension: "json"))
        let peers = try JSONDecoder().decode([PeerKeypoint].self, from: Data(contentsOf: url))
        let features = SIFTExtractor().features(of: try scene())
        var found = 0
        var described: [Double] = []
        for peer in peers {
            let match = features.x.indices.first { index in
                let turn = abs(features.angle[index] - peer.angle)
                return abs(features.x[index] - peer.x) < 0.3 && abs(features.y[index] - peer.y) < 0.3
                    && abs(features.scale[index] / peer.scale - 1) < 0.05 && min(turn, 2 * .pi - turn) < 0.1
            }
            guard let match else { continue }
            found += 1
            described.append(distance(features.descriptors[(match * 128)..<((match + 1) * 128)], peer.descriptor))
        }
        // OpenCV takes directions to 0.3 degrees and rounds descriptors twice; 40 of 512 is 4.5 degrees.
        #expect(Double(found) >= 0.95 * Double(peers.count), "\(found) of \(peers.count)")
        let median = described.sorted()[described.count / 2]
        #expect(median < 40, "median distance \(median)")
    }

    @Test("descriptors have unit length before quantisation", arguments: [SIFTConfiguration.standard, .hessianAffine])
    func unitLength(configuration: SIFTConfiguration) throws {
        let features = SIFTExtractor(configuration: configuration).features(of: try scene())
        try #require(features.count > 100)
        for index in 0..<features.count {
            let length = distance(
                features.descriptors[(index * 128)..<((index + 1) * 128)], [UInt8](repeating: 0, count: 128))
            #expect(abs(length - 512) < 6)
        }
    }

    @Test("keypoints follow a quarter turn of the image", arguments: [SIFTConfiguration.standard, .hessianAffine])
    func quarterTurn(configuration: SIFTConfiguration) throws {
        let image = try scene()
        var turned = GrayImage(size: ImageSize(width: image.height, height: image.width))
        for y in 0..<image.height {
            for x in 0..<image.width {
                // (x, y) goes to (height - 1 - y, x): clockwise on screen.
                turned.pixels[x * turned.width + image.height - 1 - y] = image.pixels[y * image.width + x]
            }
        }
        let extractor = SIFTExtractor(configuration: configuration)
        let (before, after) = (extractor.features(of: image), extractor.features(of: turned))
        var found = 0
        for index in 0..<before.count {
            let (x, y) = (Float(image.height) - before.y[index], before.x[index])
            let angle = before.angle[index] + .pi / 2
            found +=
                after.x.indices.contains { other in
                    let turn = abs((after.angle[other] - angle).remainder(dividingBy: 2 * .pi))
                    return abs(after.x[other] - x) < 0.6 && abs(after.y[other] - y) < 0.6 && turn < 0.15
                } ? 1 : 0
        }
        // Not all: octaves keep even samples, and which ones those are changes with the turn.
        #expect(Double(found) > 0.8 * Double(before.count), "\(found) of \(before.count)")
    }

    @Test("Hessian-affine regions match across a tilt that round regions do not bear")
    func affineTilt() throws {
        // The scene squeezed to 45 % of its width, as a wall seen from 63 degrees aside.
        let image = try scene()
        let width = Int(Double(image.width) * 0.45)
        var squeezed = GrayImage(size: ImageSize(width: width, height: image.height))
        for y in 0..<image.height {
            for x in 0..<width {
                let left = Double(x) / 0.45
                let right = Double(x + 1) / 0.45
                var sum = 0.0
                for column in Int(left)..<min(image.width, Int(right.rounded(.up))) {
                    let share = min(right, Double(column + 1)) - max(left, Double(column))
                    sum += share * Double(image.pixels[y * image.width + column])
                }
                squeezed.pixels[y * width + x] = UInt8(min(255, (sum * 0.45).rounded()))
            }
        }
        func correct(_ configuration: SIFTConfiguration) -> Int {
            let extractor = SIFTExtractor(configuration: configuration)
            let (before, after) = (extractor.features(of: image), extractor.features(of: squeezed))
            var correct = 0
            for index in 0..<after.count {
                let descriptor = after.descriptors[(index * 128)..<((index + 1) * 128)]
                let distances = (0..<before.count).map {
                    distance(descriptor, Array(before.descriptors[($0 * 128)..<(($0 + 1) * 128)]))
                }
                guard let best = distances.indices.min(by: { distances[$0] < distances[$1] }) else { continue }
                let second = distances.indices.filter { $0 != best }.map { distances[$0] }.min() ?? .infinity
                guard distances[best] < 0.8 * second else { continue }
                let error = abs(before.x[best] * 0.45 - after.x[index]) + abs(before.y[best] - after.y[index])
                correct += error < 4 ? 1 : 0
            }
            return correct
        }
        let (round, affine) = (correct(.standard), correct(.hessianAffine))
        #expect(affine > round + 10, "\(affine) against \(round)")
    }

    @Test("an image without texture, or too small, has no keypoints")
    func blankImages() {
        let extractor = SIFTExtractor()
        for (width, height) in [(1, 1), (3, 900), (7, 7), (64, 64), (640, 480)] {
            let image = GrayImage(size: ImageSize(width: width, height: height), filledWith: 128)
            #expect(extractor.features(of: image).count == 0)
        }
    }

    @Test("the strongest keypoints are kept, in the same order, when fewer are asked for")
    func fewerKeypoints() throws {
        var configuration = SIFTConfiguration.standard
        configuration.maximumKeypoints = 50
        let all = SIFTExtractor().features(of: try scene())
        let few = SIFTExtractor(configuration: configuration).features(of: try scene())
        #expect(few.count == 50)
        #expect(few.x == Array(all.x.prefix(50)))
        #expect(few.descriptors == Array(all.descriptors.prefix(50 * 128)))
    }

    @Test("one extractor used from many threads gives what it gives on one")
    func concurrentUse() async throws {
        let extractor = SIFTExtractor()
        let image = try scene()
        let expected = extractor.features(of: image)
        await withTaskGroup(of: LocalFeatures.self) { group in
            for _ in 0..<8 { group.addTask { extractor.features(of: image) } }
            for await features in group { #expect(features == expected) }
        }
    }
}
