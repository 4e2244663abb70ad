import CairnCore

/// The three networks that LoFTR is made of, and where to get them for a size.
public struct DetectorFreeModel: Sendable {
    /// An image `[1, 1, H, W]`, luma in [0, 1], to coarse features `[1, H / 8 * W / 8, C]` and fine ones, channels last,
    /// `[1, H / 2, W / 2, C']`. Sides are multiples of 8.
    let features: @Sendable (ImageSize) throws -> any KeypointNetwork
    /// Coarse features of both images and their validities `[1, L]` and `[1, S]`, in the order a, validity of a, b, validity of
    /// b, to both transformed and the confidence `[1, L, S]`.
    let coarse: @Sendable (_ cells: Int, _ otherCells: Int) throws -> any KeypointNetwork
    /// Windows of both images, `[M, W * W, C']`, and their cells' transformed features, `[M, C]`, in the order windows, cells of a,
    /// windows, cells of b, to (x, y, deviation) `[M, 3]`. M is fixed.
    let fine: any KeypointNetwork

    /// LoFTR.
    ///
    /// - Parameters:
    ///   - features: Makes or finds the network for an image size.
    ///   - coarse: Makes or finds the network for two numbers of cells.
    ///   - fine: The network for a fixed number of matches.
    public static func loftr(
        features: @escaping @Sendable (ImageSize) throws -> any KeypointNetwork,
        coarse: @escaping @Sendable (_ cells: Int, _ otherCells: Int) throws -> any KeypointNetwork,
        fine: any KeypointNetwork
    ) -> DetectorFreeModel {
        DetectorFreeModel(features: features, coarse: coarse, fine: fine)
    }
}

/// What LoFTR sees in one image, to be matched with many others.
public struct DetectorFreeFeatures: Sendable {
    /// Size of the image in whose pixels matches are reported.
    public let imageSize: ImageSize
    /// Where the image, reduced, lies in the network's input.
    let frame: NetworkFrame
    /// `[1, cells, C]`.
    let coarse: NetworkArray
    /// `[1, rows, columns, C']`.
    let fine: NetworkArray

    /// Cells in a row.
    var columns: Int { frame.inputSize.width / 8 }
    /// Rows of cells.
    var rows: Int { frame.inputSize.height / 8 }

    /// 1 for cells whose centre, at pixel (8 column, 8 row), shows the image, 0 for padding.
    func validity() -> [Float] {
        (0..<(rows * columns)).map { cell in
            frame.columns.contains(8 * (cell % columns)) && frame.rows.contains(8 * (cell / columns)) ? 1 : 0
        }
    }

    /// Whether a cell is at least so many cells from the edges of the image.
    func isInner(_ cell: Int, border: Int) -> Bool {
        func inner(_ place: Int, _ content: Range<Int>) -> Bool {
            let first = (content.lowerBound + 7) / 8
            let end = (content.upperBound + 7) / 8
            return place >= first + border && place < end - border
        }
        return inner(cell % columns, frame.columns) && inner(cell / columns, frame.rows)
    }

    /// The position of a cell's centre, moved by pixels of the input, in the image.
    ///
    /// The published networks call a cell's place 8 times its number in a system whose first pixel's centre is at 0.5.
    func position(ofCell cell: Int, offset: (x: Float, y: Float)) -> PixelPoint {
        let (x, y) = frame.imagePosition(
            x: Float(8 * (cell % columns)) + offset.x - 0.5, y: Float(8 * (cell / columns)) + offset.y - 0.5)
        let scale = (
            x: Double(imageSize.width) / Double(frame.imageSize.width),
            y: Double(imageSize.height) / Double(frame.imageSize.height)
        )
        return PixelPoint(
            x: min(max(Double(x) * scale.x, 0), Double(imageSize.width)),
            y: min(max(Double(y) * scale.y, 0), Double(imageSize.height)))
    }
}
