/// An extremum over position and scale that passed its detector's tests.
struct KeypointCandidate {
    var octave: Int
    /// Level of the Gaussian nearest in scale.
    var level: Int
    /// Nearest sample.
    var column: Int
    var row: Int
    /// Position and scale as fractions of a sample and of a level.
    var x: Float
    var y: Float
    var layer: Float
    /// Strength, comparable within one detector: what keypoints are ranked by.
    var strength: Float
}

extension [KeypointCandidate] {
    /// Strongest first; among equals, the one that was found first.
    func rankedByStrength() -> [KeypointCandidate] {
        indices.sorted { (self[$0].strength, $1) > (self[$1].strength, $0) }.map { self[$0] }
    }
}
