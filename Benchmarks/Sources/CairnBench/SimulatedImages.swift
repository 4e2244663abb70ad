import CairnCore
import CairnFeatures
import CairnIndex

/// Any number of images with the features of real ones, in families of five that show the same thing.
///
/// A family's scene has the keypoint positions of one real image and descriptors drawn from all of them, so that words are
/// as frequent as in real images and two families share next to nothing. Each image of a family sees the scene at another
/// place and scale; its descriptors are jittered by about 75 in distance, and 30 % of its keypoints are replaced.
struct SimulatedImages: Sendable {
    static let familySize = 5

    /// Words that are near enough to a descriptor for a jittered one to fall to.
    private static let candidates = 16

    private let sources: [LocalFeatures]
    private let nearest: [[UInt32]]
    private let vocabulary: Vocabulary

    init(sources: [LocalFeatures], vocabulary: Vocabulary, threads: Int) throws {
        self.sources = sources.filter { $0.count >= 500 }
        self.vocabulary = vocabulary
        guard self.sources.count >= 20 else {
            throw BenchmarkError("\(self.sources.count) of \(sources.count) images have 500 keypoints; 20 are needed")
        }
        nearest = self.sources.map { image in
            image.descriptors.withUnsafeBytes {
                vocabulary.nearestWords(of: $0, multiplicity: Self.candidates, threads: threads)
            }
        }
    }

    /// A keypoint of one of the real images.
    private struct Place {
        var source: Int
        var keypoint: Int
    }

    /// Features of image `number`, and what it leaves in the inverted file.
    func image(_ number: Int) -> (features: LocalFeatures, signature: ImageSignature) {
        var scene = SeededGenerator(seed: UInt64(number / Self.familySize))
        let frame = sources[Int.random(in: 0..<sources.count, using: &scene)]
        var places = (0..<frame.count).map { _ in Self.place(in: sources, &scene) }

        var view = SeededGenerator(seed: 0x5EED_0000_0000 + UInt64(number))
        for index in places.indices where Float.random(in: 0..<1, using: &view) < 0.3 {
            places[index] = Self.place(in: sources, &view)
        }
        var features = Jitter.moved(frame, &view)
        features.descriptors = []
        features.descriptors.reserveCapacity(frame.count * LocalFeatures.rootSIFTDimensions)
        for place in places {
            let start = place.keypoint * LocalFeatures.rootSIFTDimensions
            Jitter.append(
                sources[place.source].descriptors[start..<start + LocalFeatures.rootSIFTDimensions],
                to: &features.descriptors,
                &view)
        }
        return (features, signature(of: features.descriptors, at: places))
    }

    private static func place(in sources: [LocalFeatures], _ generator: inout SeededGenerator) -> Place {
        let source = Int.random(in: 0..<sources.count, using: &generator)
        return Place(source: source, keypoint: Int.random(in: 0..<sources[source].count, using: &generator))
    }

    /// The share of an image's words on which the signature made here and the product's own agree.
    func agreement(ofImage number: Int) -> Double {
        let (features, signature) = image(number)
        let exact = features.descriptors.withUnsafeBytes {
            InvertedIndexConfiguration.asmk.signature(of: $0, vocabulary: vocabulary)
        }
        func entries(_ signature: ImageSignature) -> Set<[UInt8]> {
            Set(
                signature.words.indices.map { index in
                    withUnsafeBytes(of: signature.words[index]) { Array($0) }
                        + signature.codes[index * signature.codeBytes..<(index + 1) * signature.codeBytes]
                })
        }
        let (ours, theirs) = (entries(signature), entries(exact))
        return Double(ours.intersection(theirs).count) / Double(max(1, ours.union(theirs).count))
    }

    /// The signature that the product would make, except that a descriptor may fall only to words near its original:
    /// comparing with all 16,384 words would take most of an hour for 100,000 images.
    private func signature(of descriptors: [UInt8], at places: [Place]) -> ImageSignature {
        let dimensions = LocalFeatures.rootSIFTDimensions
        return vocabulary.words.withUnsafeBufferPointer { words in
            descriptors.withUnsafeBufferPointer { descriptors in
                var pairs: [UInt64] = []
                pairs.reserveCapacity(places.count)
                for (index, place) in places.enumerated() {
                    let descriptor = UnsafeBufferPointer(
                        rebasing: descriptors[index * dimensions..<(index + 1) * dimensions])
                    let first = place.keypoint * Self.candidates
                    var best = (distance: Int32.max, word: UInt32.max)
                    for word in nearest[place.source][first..<first + Self.candidates] {
                        let start = Int(word) * dimensions
                        let center = UnsafeBufferPointer(rebasing: words[start..<start + dimensions])
                        var distance: Int32 = 0
                        for i in 0..<dimensions {
                            let difference = Int32(descriptor[i]) &- Int32(center[i])
                            distance &+= difference &* difference
                        }
                        if (distance, word) < best { best = (distance, word) }
                    }
                    pairs.append(UInt64(best.word) << 32 | UInt64(index))
                }
                pairs.sort()
                return Self.aggregated(pairs, descriptors, words)
            }
        }
    }

    /// Signs of the summed residuals at each word; `pairs` are word and descriptor, in order.
    private static func aggregated(
        _ pairs: [UInt64], _ descriptors: UnsafeBufferPointer<UInt8>, _ centers: UnsafeBufferPointer<UInt8>
    ) -> ImageSignature {
        let dimensions = LocalFeatures.rootSIFTDimensions
        var words: [UInt32] = []
        var codes: [UInt8] = []
        var residual = [Int32](repeating: 0, count: dimensions)
        for (position, pair) in pairs.enumerated() {
            let word = Int(pair >> 32)
            if position == 0 || Int(pairs[position - 1] >> 32) != word {
                residual = [Int32](repeating: 0, count: dimensions)
            }
            let start = Int(pair & 0xFFFF_FFFF) * dimensions
            for i in 0..<dimensions {
                residual[i] &+= Int32(descriptors[start + i]) &- Int32(centers[word * dimensions + i])
            }
            guard position + 1 == pairs.count || Int(pairs[position + 1] >> 32) != word else { continue }
            words.append(UInt32(word))
            for byte in 0..<dimensions / 8 {
                codes.append((0..<8).reduce(UInt8(0)) { $0 | (residual[byte * 8 + $1] > 0 ? 1 : 0) &<< UInt8($1) })
            }
        }
        return ImageSignature(words: words, codes: codes, codeBytes: dimensions / 8)
    }
}

/// Small changes, as between two photos of one thing.
enum Jitter {
    /// The same keypoints, seen at another place and scale with an error of half a pixel; descriptors as they are.
    static func moved(_ features: LocalFeatures, _ generator: inout SeededGenerator) -> LocalFeatures {
        var moved = features
        let scale = Float.random(in: 0.75...1, using: &generator)
        let (width, height) = (Float(features.imageSize.width), Float(features.imageSize.height))
        let left = Float.random(in: 0...1, using: &generator) * (1 - scale) * width
        let top = Float.random(in: 0...1, using: &generator) * (1 - scale) * height
        for index in moved.x.indices {
            moved.x[index] = left + scale * moved.x[index] + Float.random(in: -0.5...0.5, using: &generator)
            moved.y[index] = top + scale * moved.y[index] + Float.random(in: -0.5...0.5, using: &generator)
            moved.scale[index] *= scale
        }
        return moved
    }

    /// Appends a descriptor with triangular noise of up to 15 a byte.
    static func append(_ descriptor: ArraySlice<UInt8>, to bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        var noise: UInt64 = 0
        for (index, value) in descriptor.enumerated() {
            if index % 8 == 0 { noise = generator.next() }
            let shift = Int16(noise & 15) &+ Int16(noise >> 4 & 15) &- 15
            noise >>= 8
            bytes.append(UInt8(clamping: Int16(value) &+ shift))
        }
    }

    /// Another photo of what an image shows: moved, jittered, 30 % of its keypoints left out.
    static func photo(of features: LocalFeatures, seed: UInt64) -> LocalFeatures {
        var generator = SeededGenerator(seed: seed)
        let moved = moved(features, &generator)
        var photo = LocalFeatures(emptyFor: features.imageSize)
        for index in 0..<features.count where Float.random(in: 0..<1, using: &generator) >= 0.3 {
            photo.x.append(moved.x[index])
            photo.y.append(moved.y[index])
            photo.scale.append(moved.scale[index])
            photo.angle.append(moved.angle[index])
            let start = index * LocalFeatures.rootSIFTDimensions
            append(
                features.descriptors[start..<start + LocalFeatures.rootSIFTDimensions], to: &photo.descriptors,
                &generator)
        }
        return photo
    }
}
