import CairnCore
import CairnImaging
import CairnRecipes
import Foundation
import Testing

@testable import CairnTrainingData

/// The picture of `Golden/make_golden.py`.
let picture: RGBImage = {
    var pixels: [UInt8] = []
    for y in 0..<16 {
        for x in 0..<24 {
            for c in 0..<3 { pixels.append(UInt8((37 * x + 59 * y + 83 * c + x * y * (c + 1)) % 256)) }
        }
    }
    return RGBImage(size: ImageSize(width: 24, height: 16), pixels: pixels)
}()

/// What peers make of the picture.
func golden(_ name: String) throws -> [UInt8] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden/augmentations.json")
    let all = try JSONDecoder().decode([String: [UInt8]].self, from: Data(contentsOf: path))
    return try #require(all[name])
}

/// Mean and greatest absolute difference of two lists of samples.
func difference(_ left: [UInt8], _ right: [UInt8]) -> (mean: Double, greatest: Int) {
    guard left.count == right.count else { return (.infinity, .max) }
    let differences = zip(left, right).map { abs(Int($0) - Int($1)) }
    return (Double(differences.reduce(0, +)) / Double(max(differences.count, 1)), differences.max() ?? 0)
}

/// A folder of small photos that goes when the test does.
final class PhotoFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("photos-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: Data, as name: String) throws -> String {
        let file = path + "/" + name
        try bytes.write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Photos of smooth random colours, `perClass` of each class; sizes differ.
    func photos(classes: Int, perClass: Int) throws -> TrainingPhotoSet {
        var photos: [TrainingPhoto] = []
        for label in 0..<classes {
            for number in 0..<perClass {
                let size = ImageSize(width: 48 + 8 * ((label + number) % 4), height: 40 + 8 * (number % 3))
                let image = gradient(size, seed: label * 100 + number)
                let name = "\(label)_\(number).jpg"
                photos.append(
                    TrainingPhoto(
                        path: try write(image.encodeJPEG(quality: 95), as: name), label: label,
                        weight: Float(1 + number), size: size))
            }
        }
        return try TrainingPhotoSet(photos: photos, classNames: (0..<classes).map { "class \($0)" })
    }
}

/// Smooth colours that a seed decides.
func gradient(_ size: ImageSize, seed: Int) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<size.height {
        for x in 0..<size.width {
            pixels += [
                UInt8((x * 3 + seed * 7) % 200 + 20), UInt8((y * 4 + seed * 13) % 200 + 20),
                UInt8((x + y + seed) % 256),
            ]
        }
    }
    return RGBImage(size: size, pixels: pixels)
}

/// All bytes of a batch's plain photos.
func bytes(_ blocks: [ImageBlock]) -> [UInt8] { blocks.flatMap { block in block.withUnsafeBytes { Array($0) } } }

/// A stage as a recipe says it.
func decodedStage(_ text: String) throws -> TrainingStage {
    try TrainingStage(yaml: try YAMLDocument(text: text, name: "test").root)
}
