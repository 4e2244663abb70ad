import CairnCore
import CairnFeatures
import Foundation

/// Local descriptors of many photos, for training a vocabulary.
public struct DescriptorSample: Sendable {
    /// Descriptor after descriptor.
    public private(set) var descriptors: [UInt8] = []
    /// Bytes in a descriptor.
    public let dimensions: Int
    /// Photos that gave any.
    public private(set) var imageCount = 0
    /// Files that could not be used, each with its reason.
    public private(set) var failures: [String] = []

    /// The number of descriptors.
    public var count: Int { descriptors.count / dimensions }

    /// Extracts features of photos and keeps an even part of each one's.
    ///
    /// The same photos give the same sample, whatever the number of cores: photos are taken in order of paths, and of each
    /// the strongest keypoints.
    ///
    /// - Parameters:
    ///   - paths: Photos and folders, with everything below them.
    ///   - extractor: What finds features.
    ///   - limit: The most descriptors in all.
    ///   - options: How photos are read.
    ///   - progress: Called with the number of files done and of all.
    public static func collect(
        from paths: [String], extractor: any LocalFeatureExtractor, limit: Int, options: Gallery.Options = .init(),
        progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> DescriptorSample {
        let files = try photoFiles(in: paths)
        guard !files.isEmpty else {
            throw CollectionError(
                .notFound, "there is no file in \(paths.joined(separator: ", ")); give photos, or folders of them")
        }
        let analyzer = try FeatureAnalyzer(
            extractors: ExtractorSet(local: extractor), vocabulary: nil, options: options)
        return try await collect(
            files: files, dimensions: extractor.dimensions, limit: limit, progress: progress
        ) { try analyzer.localFeatures(contentsOf: $0) }
    }

    /// The same from files that are chosen already.
    static func collect(
        files: [String], dimensions: Int, limit: Int, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
        features: @escaping @Sendable (String) throws -> LocalFeatures?
    ) async throws -> DescriptorSample {
        var sample = DescriptorSample(dimensions: dimensions)
        guard !files.isEmpty else { return sample }
        let share = max(1, limit / files.count)
        let window = Machine.coreCount
        for start in stride(from: 0, to: files.count, by: window) {
            let part = files[start..<min(start + window, files.count)]
            let outcomes = await withTaskGroup(of: (Int, Result<LocalFeatures?, any Error>).self) { group in
                for index in part.indices {
                    group.addTask { (index, Result { try features(files[index]) }) }
                }
                return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }
            }
            for (_, outcome) in outcomes {
                switch outcome {
                case .success(let features):
                    guard let features, features.count > 0 else { continue }
                    sample.imageCount += 1
                    sample.descriptors += features.descriptors.prefix(share * dimensions)
                case .failure(let error):
                    sample.failures.append("\(error)")
                }
            }
            try Task.checkCancellation()
            progress(part.endIndex, files.count)
        }
        return sample
    }

    private static func photoFiles(in paths: [String]) throws -> [String] {
        var files: [String] = []
        for path in paths {
            let path = FilePaths.standardized(path)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CollectionError(.notFound, "\(path) does not exist")
            }
            guard isFolder.boolValue else {
                files.append(path)
                continue
            }
            let names = FileManager.default.enumerator(atPath: path)?.allObjects.compactMap { $0 as? String } ?? []
            for name in names where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
                var isInner: ObjCBool = false
                let file = path + "/" + name
                if FileManager.default.fileExists(atPath: file, isDirectory: &isInner), !isInner.boolValue {
                    files.append(file)
                }
            }
        }
        return Array(Set(files)).sorted()
    }
}
