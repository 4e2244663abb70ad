import CairnAlgebra
import CairnCore

/// Cleans the labels of a photo set by clustering the descriptors of each label.
///
/// Every cluster of a label becomes a class of its own (indoor and outdoor views of one landmark, say), what is noise
/// is clustered again with a larger radius to recover a long tail of small classes, and the rest is dropped.
///
/// Mei, Li, Xu, Cheng and Lin, *3rd place solution to “Google Landmark Retrieval 2020”*, section 2.1. The paper gives
/// neither radii nor densities; the presets are this module's own. Names are too: the largest cluster of a label keeps
/// its name, the others are called `LABEL#2`, `LABEL#3` … by size, those of the tail after the rest. A name that is a
/// label already is passed over.
public struct ClassCleaning: Sendable, Equatable, Codable {
    /// The cosine distance within which photos of a label are neighbours.
    public var eps: Double = 0.3

    /// How many photos within `eps`, itself included, make the core of a cluster.
    public var minSamples: Int = 3

    /// The distance within which noise is clustered again: at least `eps`; nil drops all noise.
    public var tailEps: Double? = 0.4

    /// The density that noise is clustered again with.
    public var tailMinSamples: Int = 2

    /// A cluster of fewer photos is dropped.
    public var minimumClassSize: Int = 2

    /// Splits labels and recovers a tail.
    public static let standard = ClassCleaning()

    /// Splits labels, and drops all noise.
    public static let withoutTail: ClassCleaning = {
        var cleaning = ClassCleaning()
        cleaning.tailEps = nil
        return cleaning
    }()

    /// Keeps only tight classes of at least four photos.
    public static let strict: ClassCleaning = {
        var cleaning = ClassCleaning()
        (cleaning.eps, cleaning.minSamples, cleaning.tailEps, cleaning.minimumClassSize) = (0.2, 4, 0.3, 4)
        cleaning.tailMinSamples = 3
        return cleaning
    }()

    /// The standard settings.
    public init() {}

    /// Decides about each row of `descriptors`, which belongs to the label at the same place; rows without a label are
    /// left alone.
    ///
    /// - Returns: one verdict a row, in order, and the classes: those of each label together, labels by their first
    ///   row.
    /// - Complexity: that of `DBSCAN` for each label.
    /// - Throws: `CleaningError` for impossible settings, as many labels as there are not rows, and rows that hold NaN
    ///   or infinity.
    public func clean(_ descriptors: DescriptorMatrix, labels: [String?]) throws(CleaningError) -> CleanedClasses {
        try check()
        guard labels.count == descriptors.count else {
            throw CleaningError.count("labels", labels.count, of: descriptors.count)
        }
        do throws(AlgebraError) { try descriptors.requireFinite("the descriptors") } catch {
            throw CleaningError(error)
        }
        var verdicts = labels.map { CleanedClasses.Verdict(label: $0, outcome: .unlabeled) }
        var classes: [CleanedClasses.Class] = []
        let names = Set(labels.compactMap { $0 })
        for (label, rows) in LabelRows.grouped(labels) {
            let members: DescriptorMatrix
            do throws(AlgebraError) { members = try descriptors.rows(at: rows) } catch { throw CleaningError(error) }
            let split = try LabelSplit(members: CosineRows(members), cleaning: self)
            var number = 1
            for (place, cluster) in split.clusters.enumerated() {
                var name = label
                while place > 0, name == label || names.contains(name) {
                    number += 1
                    name = "\(label)#\(number)"
                }
                classes.append(
                    CleanedClasses.Class(
                        name: name, label: label, stage: cluster.stage, rows: cluster.members.map { rows[$0] }))
                for member in cluster.members {
                    verdicts[rows[member]].outcome = .kept(class: name, stage: cluster.stage)
                }
            }
            for (member, reason, evidence) in split.dropped {
                verdicts[rows[member]].outcome = .dropped(reason, evidence.placed(among: rows))
            }
        }
        return CleanedClasses(verdicts: verdicts, classes: classes)
    }

    /// Refuses what makes no sense.
    func check() throws(CleaningError) {
        try DBSCAN(eps: eps, minSamples: minSamples).check("cleaning")
        if let tailEps {
            try DBSCAN(eps: tailEps, minSamples: tailMinSamples).check("recovering the tail")
            guard tailEps >= eps else {
                throw CleaningError(
                    .invalidArgument, "the tail's radius \(tailEps) is below the first one, \(eps); it must be looser")
            }
        }
        guard minimumClassSize >= 1 else {
            throw CleaningError(.invalidArgument, "a class has at least 1 photo, not \(minimumClassSize)")
        }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case eps, minSamples, tailEps, tailMinSamples, minimumClassSize
    }

    /// Reads the settings that are given and keeps the defaults of the rest (`"tailEps": null` is none); unknown
    /// settings and impossible values are refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "class cleaning")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        eps = try values.decodeIfPresent(Double.self, forKey: .eps) ?? eps
        minSamples = try values.decodeIfPresent(Int.self, forKey: .minSamples) ?? minSamples
        if values.contains(.tailEps) { tailEps = try values.decodeIfPresent(Double.self, forKey: .tailEps) }
        tailMinSamples = try values.decodeIfPresent(Int.self, forKey: .tailMinSamples) ?? tailMinSamples
        minimumClassSize = try values.decodeIfPresent(Int.self, forKey: .minimumClassSize) ?? minimumClassSize
        try check()
    }

    /// Writes every setting, an absent tail as null.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(eps, forKey: .eps)
        try values.encode(minSamples, forKey: .minSamples)
        try values.encode(tailEps, forKey: .tailEps)
        try values.encode(tailMinSamples, forKey: .tailMinSamples)
        try values.encode(minimumClassSize, forKey: .minimumClassSize)
    }
}
