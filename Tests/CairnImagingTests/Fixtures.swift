import CairnCore
import Foundation
import Testing

@testable import CairnImaging

/// The committed images; `Fixtures/make_fixtures.py` says how each was made.
enum Fixtures {
    static let size = ImageSize(width: 24, height: 16)

    /// The picture that most fixtures hold.
    static let picture: RGBImage = {
        var pixels: [UInt8] = []
        for y in 0..<size.height {
            for x in 0..<size.width { pixels += [UInt8(10 * x), UInt8(15 * y), UInt8(5 * x + 3 * y)] }
        }
        return RGBImage(size: size, pixels: pixels)
    }()

    static func path(_ name: String) throws -> String {
        try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
    }

    static func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

    /// Everything that decodes.
    static func images() throws -> [String] {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".py") }.sorted()
    }
}

/// Mean and greatest absolute difference of two lists of samples.
func difference(_ left: [UInt8], _ right: [UInt8]) -> (mean: Double, greatest: Int) {
    guard left.count == right.count else { return (.infinity, .max) }
    let differences = zip(left, right).map { abs(Int($0) - Int($1)) }
    return (Double(differences.reduce(0, +)) / Double(max(differences.count, 1)), differences.max() ?? 0)
}
