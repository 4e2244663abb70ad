@testable import CairnRecognition

/// Seeded queries whose answer is known: some show a landmark, some one that the gallery lacks, the rest none.
enum SimulatedQueries {
    static func make(_ count: Int, seed: UInt64, verified: Bool = true) throws -> [LabelledEvidence] {
        var noise = Noise(seed: seed)
        return try (0..<count).map { number in
            let draw = noise.uniform()
            let landmark = number % 40
            let isLandmark = draw < 0.6
            let isKnown = draw < 0.5
            // Some photos resemble everything a little, those without a landmark more often.
            let haze = 0.15 * noise.uniform() + (isLandmark ? 0 : 0.05)
            var candidates: [RecognitionCandidate] = []
            for place in 0..<12 {
                let isRight = isKnown && place % 3 == 0
                let label = isRight ? landmark : (landmark + 1 + Int(noise.uniform() * 39)) % 40
                let inliers = isRight ? 2 + Int(noise.uniform() * 40) : Int(noise.uniform() * 12)
                candidates.append(
                    RecognitionCandidate(
                        row: 1000 + place, label: "landmark \(label)",
                        similarity: Float(haze + (isRight ? 0.38 : 0.3) + 0.3 * noise.uniform()),
                        inliers: verified && noise.uniform() < 0.8 ? inliers : nil))
            }
            let others = (0..<6).map { place in
                NonLandmarkNeighbor(
                    row: 2000 + place, similarity: Float(haze + 0.3 + 0.25 * noise.uniform()))
            }
            return LabelledEvidence(
                try RecognitionEvidence(candidates: candidates, nonLandmarks: others),
                truth: isLandmark ? .landmark("landmark \(landmark)") : .nonLandmark, identity: number)
        }
    }
}
