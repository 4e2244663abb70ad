import CairnImaging
import Foundation

/// Files of all the sorts that come with real folders of photos and are no photos, or no longer.
struct HostileFiles {
    /// Files that no reader can take for a photo.
    private(set) var bad: [String: Data] = [:]
    /// Files of which some happen to stay readable: bits were flipped.
    private(set) var doubtful: [String: Data] = [:]
    /// Photos, under strange names and with wrong suffixes.
    private(set) var good: [String: Data] = [:]

    /// Makes the same files each time. All differ from each other in content, except those without any.
    init() throws {
        var random = SeededRandom(state: 4)
        let photos = TownPhoto.all.map(\.content)
        let png = try ImageDecoder().rgb(from: photos[0]).resized(toLongSide: 96).encodePNG()
        addGood(photos, png)
        addTruncated(photos, png, &random)
        addHugeHeaders(png)
        addOthers(photos, &random)
        for number in 0..<60 {
            var bytes = number % 3 == 0 ? png : photos[number % photos.count]
            // Headers are hit as often as pixels.
            let range = number % 2 == 0 ? 2..<300 : 0..<bytes.count
            for _ in 0...number % 7 { bytes[Int.random(in: range, using: &random)] ^= 1 << (number % 8) }
            doubtful["flipped/\(number).\(number % 3 == 0 ? "png" : "jpg")"] = bytes
        }
    }

    private mutating func addGood(_ photos: [Data], _ png: Data) {
        let names = [
            "-rf.jpg", "--help", "line\nbreak.jpg", " leading and trailing .jpg ", "percent %s %n %@.jpg",
            "quote\"'`$(x).jpg",
            "日本語の写真.jpg", "🗿.jpg", "e\u{301}.jpg", "back\\slash.jpg", "no suffix", "photo.txt", "photo.png",
            "photo.pdf",
            String(repeating: "x", count: 251) + ".jpg", "deep/er/and/deeper/in.JPG", "tab\there.jpg", "semi;colon.jpg",
        ]
        for (name, photo) in zip(names, photos) { good["good/" + name] = photo }
        good["good/a png named.jpg"] = png
        // What follows the end of a JPEG is no damage: cameras put previews there.
        good["good/trailer.jpg"] = photos[20] + Data("trailer".utf8)
    }

    private mutating func addTruncated(_ photos: [Data], _ png: Data, _ random: inout SeededRandom) {
        for number in 0..<110 {
            let photo = photos[number % photos.count]
            let count = number < 20 ? number + 3 : Int.random(in: 30..<photo.count - 200, using: &random)
            bad["truncated/\(number).jpg"] = photo.prefix(count)
        }
        for number in 0..<40 {
            bad["truncated/\(number).png"] = png.prefix(8 + number * (png.count - 64) / 40)
        }
    }

    /// Files of a few bytes that claim billions of pixels.
    private mutating func addHugeHeaders(_ png: Data) {
        let sides: [(Int, Int)] = [
            (60_000, 60_000), (65_500, 65_500), (1_000_000, 1_000), (2_000_000_000, 2), (20_000, 20_000),
            (2_147_483_647, 2_147_483_647), (0, 100), (100, 0),
        ]
        for (number, (width, height)) in sides.enumerated() {
            var header = png
            header.replaceSubrange(16..<24, with: Self.bigEndian(width, 4) + Self.bigEndian(height, 4))
            bad["huge/\(number).png"] =
                header.prefix(29) + Self.bigEndian(Int(Self.crc(header[12..<29])), 4) + header[33...]
            bad["huge/\(number).bmp"] =
                Data("BM".utf8) + Data(count: 16) + Self.bigEndian(width.byteSwapped >> 32, 4) + Data(count: 40)
            bad["huge/\(number).gif"] =
                Data("GIF89a".utf8) + Data([0xFF, 0xFF - UInt8(number), 0xFF, 0xFF, 0x80, 0, 0]) + Data(count: 20)
            var tiff = Data("II*\0".utf8) + Data([8, 0, 0, 0, 2, 0])
            for (tag, side) in [(UInt8(0), width), (1, height)] {
                tiff += Data([tag, 1, 4, 0, 1, 0, 0, 0]) + Data(Self.bigEndian(side, 4).reversed())
            }
            bad["huge/\(number).tif"] = tiff + Data([UInt8(number), 0, 0, 0])
        }
        for number in 0..<8 {
            // Start of image, a frame header of 60,000 lines of 60,000 pixels, and then nothing or noise.
            let frame: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0xEA, 0x60, 0xEA, 0x60 + UInt8(number), 3]
            let components: [UInt8] = [1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]
            bad["huge/\(number).jpg"] = Data(frame + components) + Data(repeating: UInt8(number), count: number * 50)
        }
        // Just below the limit: whether it is read or not, it must not take the memory of 225 million pixels.
        var claim = png
        claim.replaceSubrange(16..<24, with: Self.bigEndian(15_000, 4) + Self.bigEndian(15_000, 4))
        bad["huge/below the limit.png"] =
            claim.prefix(29) + Self.bigEndian(Int(Self.crc(claim[12..<29])), 4) + claim[33...]
    }

    private mutating func addOthers(_ photos: [Data], _ random: inout SeededRandom) {
        for number in 0..<12 { bad["empty/\(number).jpg"] = Data() }
        let beginnings: [(String, String)] = [
            ("notes.txt", "Monday: ask about the tower.\n"), ("text.jpg", "this is text"),
            ("page.html", "<!DOCTYPE html>"),
            ("data.json", "{\"a\": 1}"), ("archive.zip", "PK\u{3}\u{4}"), ("program", "\u{7F}ELF\u{2}\u{1}\u{1}\0"),
            ("document.pdf", "%PDF-1.7\n"), ("database.sqlite", "SQLite format 3\0"),
            ("video.mp4", "\0\0\0\u{20}ftypisom"),
            ("video.avi", "RIFF\0\0\0\0AVI LIST"), ("script.sh", "#!/bin/sh\nrm -rf /\n"),
            ("icon.svg", "<svg xmlns='x'>"),
            ("drawing.ps", "%!PS-Adobe-3.0"), ("sound.mp3", "ID3\u{3}\0"), ("page.webp", "RIFF\0\0\0\0WEBPVP8 "),
            ("photo.heic", "\0\0\0\u{18}ftypheic\0\0\0\0"), ("photo.avif", "\0\0\0\u{18}ftypavif\0\0\0\0"),
            ("raw.dng", "II*\0"), ("photo.psd", "8BPS\0\u{1}"), ("archive.jpg", "PK\u{3}\u{4}"),
            ("key.pem", "-----BEGIN"),
        ]
        for (number, (name, beginning)) in beginnings.enumerated() {
            bad["others/\(number) \(name)"] = Data(beginning.utf8)
            let noise = Data((0..<500).map { _ in UInt8.random(in: 0...255, using: &random) })
            bad["others/\(number) longer \(name)"] = Data(beginning.utf8) + noise
        }
        for number in 0..<60 {
            let count = 1 << (number % 14)
            let kind = number % 3
            var bytes = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
            // Noise, noise that begins like a JPEG, and a JPEG's beginning filled up with zeros.
            if kind == 1 { bytes = Data([0xFF, 0xD8, 0xFF]) + bytes }
            if kind == 2 { bytes = photos[number % photos.count].prefix(180 + number) + Data(count: count) }
            bad["noise/\(number).jpg"] = bytes + Data([UInt8(number)])
        }
    }

    private static func bigEndian(_ value: Int, _ count: Int) -> Data {
        Data((0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
    }

    /// The checksum of PNG's chunks.
    private static func crc(_ bytes: Data) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
    }
}
