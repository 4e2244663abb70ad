extension FeatureAggregation {
    /// The nearest words of each descriptor by Euclidean distance, nearest first, lower words first among equals:
    /// `[descriptors, configuration.assignments]`.
    func nearestWords(of descriptors: [Float], threads: Int) -> [UInt32] {
        let (count, wanted, dimensions) = (descriptors.count / dimensions, configuration.assignments, dimensions)
        let wordCount = wordCount
        var nearest = [UInt32](repeating: 0, count: count * wanted)
        nearest.withUnsafeMutableBufferPointer { nearest in
            descriptors.withUnsafeBufferPointer { descriptors in
                codebook.withUnsafeBufferPointer { codebook in
                    guard let first = descriptors.baseAddress, let words = codebook.baseAddress else { return }
                    forEachPart(of: count, threads: threads) { part in
                        var best: [(distance: Float, word: UInt32)] = []
                        best.reserveCapacity(wanted + 1)
                        for descriptor in part {
                            best.removeAll(keepingCapacity: true)
                            for word in 0..<wordCount {
                                let distance = Self.squaredDistance(
                                    first + descriptor * dimensions, words + word * dimensions, dimensions)
                                guard best.count < wanted || distance < best[wanted - 1].distance else { continue }
                                let place = best.firstIndex { distance < $0.distance } ?? best.count
                                if best.count == wanted { best.removeLast() }
                                best.insert((distance, UInt32(truncatingIfNeeded: word)), at: place)
                            }
                            for (rank, found) in best.enumerated() { nearest[descriptor * wanted + rank] = found.word }
                        }
                    }
                }
            }
        }
        return nearest
    }

    /// Summed in one fixed order: eight sums of every eighth square, then what is left over.
    @inline(__always)
    private static func squaredDistance(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ dimensions: Int
    ) -> Float {
        let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        let whole = dimensions / 8 * 8
        var sums = SIMD8<Float>.zero
        for column in stride(from: 0, to: whole, by: 8) {
            let difference =
                left.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self)
                - right.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self)
            sums += difference * difference
        }
        var sum = sums.sum()
        for column in whole..<dimensions { sum += (a[column] - b[column]) * (a[column] - b[column]) }
        return sum
    }
}
