import CairnCore
import CairnImaging

/// Where an image lies in a network's input, and how positions come back.
///
/// The image fills `content`; what is left over around it is filled by mirroring, so that there are no edges to find and the
/// statistics of normalising networks stay those of the image, and gives no keypoints.
struct NetworkFrame: Hashable, Sendable {
    /// Size of the image in whose pixels positions are reported.
    let imageSize: ImageSize
    /// Size of the network's input.
    let inputSize: ImageSize
    /// Columns of the input that show the image.
    let columns: Range<Int>
    /// Rows of the input that show the image.
    let rows: Range<Int>
    /// What surrounds the image.
    let border: Border

    /// What surrounds the image.
    enum Border: Sendable {
        /// The outermost pixels, over and over.
        case replicated
        /// The image, mirrored as often as it takes.
        case mirrored
    }

    /// The image at its own size in the middle of an input whose sides are multiples of a number.
    init(padding imageSize: ImageSize, toMultipleOf multiple: Int) {
        func padded(_ side: Int) -> Int { (side + multiple - 1) / multiple * multiple }
        self.imageSize = imageSize
        inputSize = ImageSize(width: padded(imageSize.width), height: padded(imageSize.height))
        let left = (inputSize.width - imageSize.width) / 2
        let top = (inputSize.height - imageSize.height) / 2
        columns = left..<(left + imageSize.width)
        rows = top..<(top + imageSize.height)
        border = .replicated
    }

    /// The image resized to fit an input of fixed size, in its upper left corner.
    init(fitting imageSize: ImageSize, into inputSize: ImageSize) {
        let scale = min(
            Double(inputSize.width) / Double(imageSize.width), Double(inputSize.height) / Double(imageSize.height))
        func side(_ length: Int, _ limit: Int) -> Int { max(1, min(limit, Int((Double(length) * scale).rounded()))) }
        self.imageSize = imageSize
        self.inputSize = inputSize
        columns = 0..<side(imageSize.width, inputSize.width)
        rows = 0..<side(imageSize.height, inputSize.height)
        border = .mirrored
    }

    /// The image resized to an input of exactly that size.
    init(resizing imageSize: ImageSize, to inputSize: ImageSize) {
        self.imageSize = imageSize
        self.inputSize = inputSize
        columns = 0..<inputSize.width
        rows = 0..<inputSize.height
        border = .replicated
    }

    /// Size at which the image is seen.
    var contentSize: ImageSize { ImageSize(width: columns.count, height: rows.count) }

    /// A position in the input, in pixels from its first pixel's centre, as one in the image, from its corner.
    func imagePosition(x: Float, y: Float) -> (x: Float, y: Float) {
        (
            (x - Float(columns.lowerBound) + 0.5) * (Float(imageSize.width) / Float(columns.count)),
            (y - Float(rows.lowerBound) + 0.5) * (Float(imageSize.height) / Float(rows.count))
        )
    }

    /// The input `[1, channels, H, W]` in [0, 1]: RGB for 3 channels, luma for 1.
    ///
    /// Throws `ImagingError` when there is no memory to resize the image.
    func input(showing image: RGBImage, channels: Int) throws -> NetworkArray {
        precondition(
            image.size == imageSize && (channels == 1 || channels == 3), "\(channels) channels of \(image.size)")
        let content = try image.resized(to: contentSize)
        let samples = channels == 1 ? content.luma().pixels : content.pixels
        let sourceColumns = sources(inputSize.width, columns)
        let sourceRows = sources(inputSize.height, rows)
        let stride = contentSize.width
        let planeSize = inputSize.pixelCount
        let values = [Float](unsafeUninitializedCapacity: channels * planeSize) { target, initialized in
            samples.withUnsafeBufferPointer { samples in
                sourceColumns.withUnsafeBufferPointer { sourceColumns in
                    for channel in 0..<channels {
                        var index = channel &* planeSize
                        for row in sourceRows {
                            let start = row &* stride
                            for column in sourceColumns {
                                let sample = samples[(start &+ column) &* channels &+ channel]
                                target[index] = Float(sample) * (1 / 255)
                                index &+= 1
                            }
                        }
                    }
                }
            }
            initialized = channels * planeSize
        }
        return NetworkArray(shape: [1, channels, inputSize.height, inputSize.width], values: values)
    }

    /// The content's row or column that each one of the input shows.
    private func sources(_ side: Int, _ content: Range<Int>) -> [Int] {
        let count = content.count
        return (0..<side).map { place in
            let offset = place - content.lowerBound
            switch border {
            case .replicated: return min(max(offset, 0), count - 1)
            case .mirrored:
                // Back and forth, the edges not repeated.
                let period = max(1, 2 * count - 2)
                let phase = ((offset % period) + period) % period
                return min(phase, period - phase, count - 1)
            }
        }
    }
}
