import CairnCore
import CairnImaging
import Foundation

/// Photos made up for tests: a folder a class, each class a pattern of its own colours, each photo a shifted, noisy copy.
struct SmallPhotos {
    let directory: URL

    /// Makes `train/` and `validation/` in a new folder.
    init(classes: Int = 6, heldOut: Int = 3, photos: Int = 6, side: Int = 40) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("cairn-small-\(UUID().uuidString)")
        for number in 0..<classes + heldOut {
            let part = number < classes ? "train" : "validation"
            let folder = directory.appendingPathComponent("\(part)/class\(number)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for photo in 0..<photos {
                try Self.photo(ofClass: number, photo, side).encodeJPEG(quality: 90).write(
                    to: folder.appendingPathComponent("\(photo).jpg"))
            }
        }
    }

    func remove() { try? FileManager.default.removeItem(at: directory) }

    private static func photo(ofClass label: Int, _ number: Int, _ side: Int) -> RGBImage {
        var state = UInt64(label * 1000 + number + 1) &* 0x9E37_79B9_7F4A_7C15
        var pixels: [UInt8] = []
        for y in 0..<side {
            for x in 0..<side {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let noise = Double(state >> 56) / 8
                let (u, v) = (Double(x + number), Double(y + 2 * number))
                let wave = sin(u * (0.2 + 0.11 * Double(label))) + cos(v * (0.5 - 0.04 * Double(label)))
                for channel in 0..<3 {
                    let base = Double((label * 53 + channel * 97) % 160) + 40
                    pixels.append(UInt8(max(0, min(255, base + 30 * wave + noise))))
                }
            }
        }
        return RGBImage(size: ImageSize(width: side, height: side), pixels: pixels)
    }
}
