import CairnFeatures
import CairnImaging
import Synchronization

/// The library's matching networks, for re-ranking: each is loaded once.
public final class LibraryMatchers: PhotoMatcherProvider {
    private struct Key: Hashable {
        var name: String
        var keypoints: String?
    }

    private let library: ModelLibrary
    private let runtime: ModelRuntime
    private let made = Mutex<[Key: LibraryPhotoMatcher]>([:])

    /// Offers a library's matchers.
    public init(_ library: ModelLibrary, runtime: ModelRuntime) {
        self.library = library
        self.runtime = runtime
    }

    /// See `PhotoMatcherProvider`.
    public func matcher(named name: String, keypoints: String?) throws -> any PhotoMatcher {
        try made.withLock { made in
            let key = Key(name: name, keypoints: keypoints)
            if let matcher = made[key] { return matcher }
            let model = try library.matcher(named: name, runtime: runtime)
            let extractor = try keypoints.map { try library.localModel(named: $0, runtime: runtime) }
            let matcher = LibraryPhotoMatcher(
                model: model, extractor: try model.checked(extractor),
                verifier: try PairVerifier(configuration: extractor?.pairVerification ?? .learned))
            made[key] = matcher
            return matcher
        }
    }
}

/// A matching network with what finds its keypoints.
private struct LibraryPhotoMatcher: PhotoMatcher {
    let model: MatcherModel
    let extractor: LearnedFeatureExtractor?
    let verifier: PairVerifier

    var longSide: Int { model.longSide(with: extractor) }

    func session(query: RGBImage) throws -> any PhotoMatcherSession {
        Session(matcher: self, query: try model.look(at: query, extractor))
    }

    private struct Session: PhotoMatcherSession {
        let matcher: LibraryPhotoMatcher
        let query: MatcherModel.Look

        func compare(with photo: RGBImage) throws -> PairVerifier.Outcome {
            let other = try matcher.model.look(at: photo, matcher.extractor)
            return try matcher.model.compare(query, other, verifier: matcher.verifier).outcome
        }
    }
}
