import CairnCleaning
import CairnCore
import CairnFeatures
import CairnImaging
import Foundation
import Testing

@testable import Cairn

@Suite("Duplicates in a collection", .serialized)
struct DuplicatesTests {
    /// Versions of one photo, other views of what it shows, and its look-alike, in a folder; gives paths by name.
    private func writePhotos(in folder: URL) throws -> [String: String] {
        let town = try #require(TownGallery.town)
        let original = town.view(landmark: 0, index: 0).image
        let (width, height) = (original.width, original.height)
        var files: [String: Data] = [
            "original": try original.encodeJPEG(quality: 92),
            "again": try original.encodeJPEG(quality: 70),
            "half": try original.resized(to: ImageSize(width: width / 2, height: height / 2)).encodeJPEG(quality: 90),
            "cropped": try crop(original, share: 0.84).encodeJPEG(quality: 90),
            "turned": try original.oriented(.right).encodeJPEG(quality: 90),
            "view": try town.view(landmark: 0, index: 1).image.encodeJPEG(quality: 90),
            "view2": try town.view(landmark: 0, index: 2).image.encodeJPEG(quality: 90),
            "lookalike": try town.view(lookAlike: 0).image.encodeJPEG(quality: 90),
            "other": try town.view(landmark: 1, index: 0).image.encodeJPEG(quality: 90),
            "distractor": try town.distractor(index: 0).image.encodeJPEG(quality: 90),
        ]
        files["copy"] = files["original"]
        // The original is the oldest, its copy the next.
        for (place, name) in (["original", "copy"] + files.keys.sorted().filter { $0 != "original" && $0 != "copy" })
            .enumerated()
        {
            let file = folder.appendingPathComponent("\(name).jpg")
            try files[name]?.write(to: file)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_500_000_000 + 60 * Double(place))],
                ofItemAtPath: file.path)
        }
        return files.mapValues { _ in "" }.reduce(into: [:]) {
            $0[$1.key] = folder.appendingPathComponent("\($1.key).jpg").path
        }
    }

    /// The middle of an image: `share` of either side, so 0.84 of both are 70 % of the picture.
    private func crop(_ image: RGBImage, share: Double) -> RGBImage {
        let size = ImageSize(width: Int(share * Double(image.width)), height: Int(share * Double(image.height)))
        let (left, top) = ((image.width - size.width) / 3, (image.height - size.height) / 2)
        var pixels: [UInt8] = []
        for y in top..<top + size.height {
            let start = 3 * (y * image.width + left)
            pixels += image.pixels[start..<start + 3 * size.width]
        }
        return RGBImage(size: size, pixels: pixels)
    }

    private func gallery(_ extractors: ExtractorSet, in folder: URL) async throws -> (Gallery, [String: String]) {
        let photos = folder.appendingPathComponent("photos")
        try FileManager.default.createDirectory(at: photos, withIntermediateDirectories: true)
        let paths = try writePhotos(in: photos)
        let gallery = try Gallery.openOrCreate(
            at: folder.appendingPathComponent("collection").path, extractors: extractors)
        _ = try await gallery.index([photos.path])
        return (gallery, paths)
    }

    private func name(_ path: String) -> String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

    @Test(
        "Copies, resized, cropped, re-encoded and turned photos are one group; another view and a look-alike are none of it",
        arguments: [true, false])
    func versions(hasGlobal: Bool) async throws {
        try await TownGallery.withFolder { folder in
            let extractors = try ExtractorSet(
                local: RootSIFTExtractor(), globals: hasGlobal ? [LabelledTown.histogram] : [])
            let (gallery, paths) = try await gallery(extractors, in: folder)
            let report = try await DuplicateFinder(gallery.searcher()).find()
            #expect(report.comparedImages == 10, "a copy is no image of its own")
            #expect(report.groups.count == 1, "\(report.groups)")
            let group = try #require(report.groups.first)
            let others = Dictionary(uniqueKeysWithValues: group.others.map { (name($0.path), $0) })
            #expect(
                Set(others.keys).union([name(group.keep.path)]) == [
                    "original", "copy", "again", "half", "cropped", "turned",
                ])
            #expect(report.spareCount == 5)

            // As many pixels have original, copy, again and turned; the original is the oldest.
            #expect(name(group.keep.path) == "original" && group.reason == "most pixels" && group.keep.relation == nil)
            let relations = others.mapValues { $0.relation?.description ?? "" }
            #expect(relations["half"]?.contains("2.0 times as large or small") == true, "\(relations)")
            #expect(relations["turned"]?.contains("turned by") == true, "\(relations)")
            let share = try #require(relations["cropped"]?.firstMatch(of: /(\d+) % of it/)?.1)
            #expect(abs((Double(share) ?? 0) - 70) <= 3, "\(relations)")
            #expect(others["again"]?.relation?.description == "the same picture")
            let exact = group.others.filter { $0.relation?.isExactCopy == true }.map { name($0.path) }
            #expect(exact == ["copy"])
            #expect(group.others.allSatisfy { $0.relation?.isExactCopy == true || ($0.relation?.inliers ?? 0) >= 30 })
            for photo in group.others + [group.keep] {
                #expect(photo.bytes == (try Data(contentsOf: URL(fileURLWithPath: photo.path)).count))
                #expect(paths[name(photo.path)] == photo.path)
            }

            // Twice the same, on any number of threads.
            for threads in [1, 3] {
                var configuration = SearchConfiguration.standard
                configuration.threads = threads
                #expect(try await DuplicateFinder(gallery.searcher(configuration: configuration)).find() == report)
            }
            let data = try JSONEncoder().encode(report)
            #expect(try JSONDecoder().decode(DuplicateReport.self, from: data) == report)
        }
    }

    @Test("The photo to keep is chosen by the first rule that tells, and the reason names that rule")
    func representative() async throws {
        try await TownGallery.withFolder { folder in
            let (gallery, paths) = try await gallery(ExtractorSet(local: RootSIFTExtractor()), in: folder)
            // Files change their dates, not their content.
            for (place, name) in ["half", "again", "cropped", "turned", "original", "copy"].enumerated() {
                let date = Date(timeIntervalSince1970: 1_600_000_000 + 86_400 * Double(place))
                try FileManager.default.setAttributes(
                    [.modificationDate: date], ofItemAtPath: try #require(paths[name]))
            }
            _ = try await gallery.index([folder.appendingPathComponent("photos").path])
            let cases: [([RepresentativeRule], String, String)] = [
                ([.mostPixels, .oldest], "again", "most pixels"), ([.oldest], "half", "oldest"),
                ([.newest], "copy", "newest"), ([.largestFile, .firstPath], "copy", "largest file"),
                ([.smallestFile], "half", "smallest file"), ([.firstPath], "again", "first path"),
            ]
            for (rules, keep, reason) in cases {
                var criteria = DuplicateCriteria.verified
                criteria.representative = rules
                let report = try await DuplicateFinder(gallery.searcher(), criteria: criteria).find()
                let group = try #require(report.groups.first)
                #expect(
                    name(group.keep.path) == keep && group.reason == reason, "\(rules): \(group.keep) \(group.reason)")
            }
        }
    }

    @Test("Without local features descriptors decide; verification that cannot be is refused")
    func descriptorsAlone() async throws {
        try await TownGallery.withFolder { folder in
            let (gallery, _) = try await gallery(ExtractorSet(globals: [LabelledTown.histogram]), in: folder)
            let finder = try DuplicateFinder(gallery.searcher())
            #expect(finder.criteria == .descriptorsOnly)
            let group = try #require(try await finder.find().groups.first)
            let names = Set(([group.keep] + group.others).map { name($0.path) })
            #expect(names.isSuperset(of: ["original", "copy", "again", "half"]), "\(names)")
            for photo in group.others where photo.relation?.isExactCopy != true {
                #expect((photo.relation?.similarity ?? 0) >= 0.95 && photo.relation?.inliers == nil)
            }
            let error = #expect(throws: CollectionError.self) {
                try DuplicateFinder(gallery.searcher(), criteria: .verified)
            }
            #expect(error?.kind == .invalidArgument && error?.message.contains("no local features") == true)
        }
    }

    @Test("A collection without duplicates has no groups, and an empty one neither")
    func none() async throws {
        let town = try await LabelledTown.gallery()
        let report = try await DuplicateFinder(town.searcher()).find()
        #expect(report.groups.isEmpty && report.comparedImages == 33 && report.spareCount == 0)
        try await TownGallery.withFolder { folder in
            let empty = try Gallery.openOrCreate(at: folder.appendingPathComponent("c").path)
            let report = try await DuplicateFinder(empty.searcher()).find()
            #expect(report.groups.isEmpty && report.comparedImages == 0)
        }
    }
}
