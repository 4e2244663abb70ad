import CairnAlgebra
import Synchronization

/// What is searched: a descriptor for each row, and what else is known of the rows.
public final class RerankingGallery: Sendable {
    /// `[count, dimensions]`, rows of unit length, or of zeros.
    public let descriptors: DescriptorMatrix

    /// Several descriptors a row, where descriptors are regional.
    public let regions: RegionalDescriptors?

    /// What each row shows, where that is known; `nil` without any labels.
    public let labels: [String?]?

    private let found: Mutex<NearestRows?>

    /// Describes a gallery.
    ///
    /// - Parameters:
    ///   - descriptors: One a row; finite.
    ///   - regions: Regional descriptors of the same rows.
    ///   - labels: One a row.
    ///   - neighbors: What `neighbors` would find, where that was done before.
    /// - Throws: `RerankError` for other numbers of rows, and for a row that is not finite.
    public init(
        descriptors: DescriptorMatrix, regions: RegionalDescriptors? = nil, labels: [String?]? = nil,
        neighbors: NearestRows? = nil
    ) throws {
        do {
            try descriptors.requireFinite("the gallery")
            try regions?.descriptors.requireFinite("the gallery’s regions")
        } catch {
            throw RerankError(.invalidInput, error.message)
        }
        if let labels, labels.count != descriptors.count {
            throw RerankError(
                .invalidArgument, "there are \(labels.count) labels for a gallery of \(descriptors.count) descriptors")
        }
        if let regions, regions.count != descriptors.count {
            throw RerankError(
                .invalidArgument,
                "there are regions of \(regions.count) images for a gallery of \(descriptors.count) descriptors")
        }
        self.descriptors = descriptors
        self.regions = regions
        self.labels = labels
        found = Mutex(neighbors)
    }

    /// How many rows there are.
    public var count: Int { descriptors.count }

    /// The `k` nearest other rows of every row, or all of them where there are fewer: found once, for the largest `k` asked for so far.
    ///
    /// The result may have more than `k` neighbours a row. A gallery of fewer than two rows has none to find: trap on that before.
    public func neighbors(_ k: Int, environment: RerankingEnvironment) throws -> NearestRows {
        precondition(count >= 2, "neighbours in a gallery of \(count)")
        let k = min(k, count - 1)
        return try found.withLock { found in
            if let found, found.k >= k { return found }
            let tell = environment.progress
            let monitor = SearchMonitor(progress: { done, total in tell?("Finding neighbours", done, total) })
            let result = try NearestRows.search(
                among: descriptors, k: k, includingSelf: false, threads: environment.threads, monitor: monitor)
            found = result
            return result
        }
    }
}

/// Several descriptors an image, as many for each.
public struct RegionalDescriptors: Sendable, Equatable {
    /// `[count * regionsPerImage, dimensions]`, unit rows; those of an image lie together.
    public let descriptors: DescriptorMatrix

    /// Regions of an image.
    public let regionsPerImage: Int

    /// Images.
    public var count: Int { descriptors.count / regionsPerImage }

    /// Throws `RerankError` when the rows do not make whole images.
    public init(descriptors: DescriptorMatrix, regionsPerImage: Int) throws {
        guard regionsPerImage >= 1, descriptors.count.isMultiple(of: regionsPerImage) else {
            throw RerankError(
                .invalidArgument,
                "\(descriptors.count) regional descriptors do not make images of \(regionsPerImage) regions")
        }
        self.descriptors = descriptors
        self.regionsPerImage = regionsPerImage
    }
}
