import CairnAlgebra
import CairnCore

/// What makes two pictures duplicates, and which of them is kept.
///
/// A near-duplicate is the *same picture*, cropped, resized, encoded again or slightly edited; another photo of the
/// same place is none. Descriptors propose pairs but cannot tell these apart; geometry can. Of the same picture
///
/// - the map is a similarity, because nothing moved between two exposures: no perspective, no stretch;
/// - one picture contains the other, since a crop takes away and adds nothing, where a second photo shows something
///   new at one side;
/// - inliers are a good part of the matches, and are everywhere in what is shared: a logo, a frame or a poster that two
///   pictures share covers a part.
///
/// Photos of a burst from a tripod meet all of this, and are taken for duplicates. The numbers are definitions of what
/// counts as slight, not learned from photos.
public struct DuplicateCriteria: Sendable, Equatable, Codable {
    /// The cosine similarity from which descriptors propose a pair. A pair proposed without a similarity is not judged
    /// by it.
    public var minimumSimilarity: Double = 0.8

    /// How many of its most similar pictures are proposed for each.
    public var neighbors: Int = 50

    /// Whether a pair needs geometry to be accepted. Without, descriptors alone decide, and geometry where it is there.
    public var requiresVerification: Bool = true

    /// The fewest inliers.
    public var minimumInliers: Int = 30

    /// The least share of matches that are inliers.
    public var minimumInlierShare: Double = 0.3

    /// The least share of the picture that lies within the other, of the two the one that does more.
    public var minimumContainment: Double = 0.95

    /// The largest distance from a similarity, as a share of the diagonal of what is shared.
    public var maximumDistortion: Double = 0.02

    /// The least share of what is shared that has inliers, on a grid of 8 x 8 cells.
    public var minimumCoverage: Double = 0.25

    /// The least share of the larger picture that a crop shows.
    public var minimumCropShare: Double = 0.1

    /// The least share of what is shared that agrees in its pixels, cell by cell. Asked by who has the pictures; here it is not known.
    public var minimumAgreement: Double = 0.9

    /// By what the picture to keep is chosen: the first rule that can tell decides; after all of them, the lower
    /// number.
    public var representative: [RepresentativeRule] = [.mostPixels, .oldest, .largestFile, .firstPath]

    /// Verified by geometry.
    public static let verified = DuplicateCriteria()

    /// By descriptors alone, hence close ones only.
    public static let descriptorsOnly: DuplicateCriteria = {
        var criteria = DuplicateCriteria()
        (criteria.minimumSimilarity, criteria.requiresVerification) = (0.95, false)
        return criteria
    }()

    /// Verified by geometry.
    public init() {}

    /// Refuses what makes no sense.
    func check() throws(CleaningError) {
        guard (-1...1).contains(minimumSimilarity), neighbors >= 1, minimumInliers >= 0, maximumDistortion >= 0 else {
            throw CleaningError(
                .invalidArgument,
                "duplicates need a similarity from -1 to 1, at least 1 neighbour, and inliers and a distortion of 0 or "
                    + "more, not \(minimumSimilarity), \(neighbors), \(minimumInliers) and \(maximumDistortion)")
        }
        let shares = [minimumInlierShare, minimumContainment, minimumCoverage, minimumCropShare, minimumAgreement]
        guard shares.allSatisfy((0...1).contains) else {
            throw CleaningError(
                .invalidArgument, "shares of matches and areas of duplicates are from 0 to 1, not \(shares)")
        }
    }

    /// Whether one picture is rather kept than another, by the rules, then by number.
    func prefers(_ one: Int, to other: Int, among images: [DuplicateImage]) -> Bool {
        for rule in representative {
            if let answer = rule.prefers(images[one], to: images[other]) { return answer }
        }
        return one < other
    }
}

extension DuplicateCriteria {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case minimumSimilarity, neighbors, requiresVerification, minimumInliers, minimumInlierShare, minimumContainment,
            maximumDistortion, minimumCoverage, minimumCropShare, minimumAgreement, representative
    }

    /// Reads the settings that are given and keeps the defaults of the rest; unknown settings and impossible values are
    /// refused.
    public init(from decoder: any Decoder) throws {
        try decoder.rejectUnknownKeys(CodingKeys.self, of: "duplicates")
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        func read<Value: Decodable>(_ value: inout Value, _ key: CodingKeys) throws {
            value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(&minimumSimilarity, .minimumSimilarity)
        try read(&neighbors, .neighbors)
        try read(&requiresVerification, .requiresVerification)
        try read(&minimumInliers, .minimumInliers)
        try read(&minimumInlierShare, .minimumInlierShare)
        try read(&minimumContainment, .minimumContainment)
        try read(&maximumDistortion, .maximumDistortion)
        try read(&minimumCoverage, .minimumCoverage)
        try read(&minimumCropShare, .minimumCropShare)
        try read(&minimumAgreement, .minimumAgreement)
        try read(&representative, .representative)
        try check()
    }
}
