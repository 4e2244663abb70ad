import CairnCore

/// From maps over an image to keypoints: SuperPoint's way and XFeat's.
///
/// Both read descriptors at places that differ from pixel centres by up to half a cell, as their networks were trained to be
/// read, and as their authors' code does.
struct DenseKeypointDecoder: Sendable {
    let configuration: KeypointConfiguration

    /// Keypoints of a score map with descriptors interpolated linearly (SuperPoint, section 3.4).
    func keypoints(scores: ScoreMap, descriptors: NetworkArray, frame: NetworkFrame) -> LearnedKeypoints {
        let map = DescriptorMap(descriptors)
        let peaks = strongest(scores.peaks(configuration, columns: frame.columns, rows: frame.rows), \.score)
        // The first cell's centre is taken to be at pixel 3.5 and the last one's at 8 n - 1: -1 and 1 of the sampling grid.
        func place(_ pixel: Int, cells: Int, pixels: Int) -> Float {
            let size = Float(pixels) / Float(cells)
            return (Float(pixel) - size / 2 + 0.5) / (Float(pixels) - size / 2 - 0.5) * Float(cells - 1)
        }
        var result = LearnedKeypoints(imageSize: frame.imageSize, entries: map.entries)
        result.descriptors.reserveCapacity(peaks.count * map.entries)
        for peak in peaks {
            result.append(x: Float(peak.column), y: Float(peak.row), score: peak.score, in: frame)
            map.appendSample(
                x: place(peak.column, cells: map.columns, pixels: scores.width),
                y: place(peak.row, cells: map.rows, pixels: scores.height), .bilinear, to: &result.descriptors)
        }
        return result
    }

    /// Keypoints that count by score times reliability, with descriptors interpolated by cubics (XFeat, section 3.3).
    func keypoints(
        scores: ScoreMap, reliability: NetworkArray, descriptors: NetworkArray, frame: NetworkFrame
    ) -> LearnedKeypoints {
        let map = DescriptorMap(descriptors)
        let (rows, columns) = (
            reliability.shape[reliability.shape.count - 2], reliability.shape[reliability.shape.count - 1]
        )
        let reliabilities = ScoreMap(width: columns, height: rows, values: reliability.values)
        // Outer pixels' centres on the outer cells' edges.
        func place(_ pixel: Int, cells: Int, pixels: Int) -> Float {
            Float(pixel) * Float(cells) / Float(pixels - 1) - 0.5
        }
        let peaks = scores.peaks(configuration, columns: frame.columns, rows: frame.rows).map { peak in
            let reliable = reliabilities.score(
                x: place(peak.column, cells: columns, pixels: scores.width),
                y: place(peak.row, cells: rows, pixels: scores.height))
            return ScoreMap.Peak(column: peak.column, row: peak.row, score: peak.score * reliable)
        }
        var result = LearnedKeypoints(imageSize: frame.imageSize, entries: map.entries)
        for peak in strongest(peaks.filter { $0.score > 0 }, \.score) {
            result.append(x: Float(peak.column), y: Float(peak.row), score: peak.score, in: frame)
            map.appendSample(
                x: place(peak.column, cells: map.columns, pixels: scores.width),
                y: place(peak.row, cells: map.rows, pixels: scores.height), .bicubic, to: &result.descriptors)
        }
        return result
    }

    /// The best of a list, strongest first; equals stay in their order.
    func strongest<Element>(_ elements: [Element], _ score: (Element) -> Float) -> [Element] {
        elements.enumerated()
            .sorted { (score($0.element), -$0.offset) > (score($1.element), -$1.offset) }
            .prefix(configuration.maximumKeypoints).map(\.element)
    }
}
