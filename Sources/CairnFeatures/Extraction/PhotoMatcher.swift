import CairnImaging

/// Compares whole photos by a matching network and a geometric model.
public protocol PhotoMatcher: Sendable {
    /// The long side to which photos should be reduced before they are compared, in pixels.
    var longSide: Int { get }

    /// Looks at a query once, to compare it with many photos.
    func session(query: RGBImage) throws -> any PhotoMatcherSession
}

/// A query that a matcher has looked at.
public protocol PhotoMatcherSession: Sendable {
    /// What the query has in common with a photo; coordinates are in the pixels of both as they were given.
    func compare(with photo: RGBImage) throws -> PairVerifier.Outcome
}

/// Knows matchers by their names.
public protocol PhotoMatcherProvider: Sendable {
    /// A matcher, made once.
    ///
    /// - Parameters:
    ///   - name: The matching network's.
    ///   - keypoints: The local model whose keypoints it matches; `nil` for one that needs none.
    /// - Throws: A `CairnError` where there is none of this name, or keypoints are missing or too many.
    func matcher(named name: String, keypoints: String?) throws -> any PhotoMatcher
}
