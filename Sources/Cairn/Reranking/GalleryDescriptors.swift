import CairnAlgebra
import CairnCore

/// The global descriptors of all images of a snapshot, in memory: what methods of re-ranking work on.
struct GalleryDescriptors: Sendable {
    /// The image of each row, ascending.
    let images: [ImageID]

    /// `[images, dimensions]`, rows of length 1.
    let matrix: DescriptorMatrix

    /// The row of an image. Logarithmic.
    func row(of image: ImageID) -> Int? {
        let row = images.partitioningIndex { $0 >= image }
        return row < images.count && images[row] == image ? row : nil
    }
}

extension Array {
    /// The first index whose element fulfils what all behind it fulfil too; the end when there is none.
    fileprivate func partitioningIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
