import CairnCore
import CairnImaging

/// A made-up town: any number of landmarks, any number of views of each, and views of none, with the truth about all.
///
/// Everything follows from the seed and an index: views can be rendered in any order, on any thread, on any machine, and
/// are the same bytes. Nothing is kept between calls.
public struct SampleTown: Hashable, Sendable, Codable {
    /// What everything is drawn from.
    public let seed: UInt64

    /// How many landmarks there are.
    public let landmarks: Int

    /// How many views of each landmark belong to the town.
    public let viewsPerLandmark: Int

    /// How many look-alikes: look-alike i shares the design of landmark i % landmarks, but none of its details.
    public let lookAlikes: Int

    /// How many views show neither a landmark nor a look-alike.
    public let distractors: Int

    /// The longer side of every view, in pixels; the other one is three quarters of it.
    public let longSide: Int

    /// How much views vary.
    public let difficulty: TownDifficulty

    /// The most landmarks that a town can name.
    public static var maximumLandmarks: Int { TownNames.count }

    /// Describes a town; nothing is rendered yet. Throws `DatasetError` (invalid argument) for numbers that make no town.
    public init(
        seed: UInt64 = 1, landmarks: Int = 40, viewsPerLandmark: Int = 6, lookAlikes: Int = 20, distractors: Int = 40,
        longSide: Int = 640, difficulty: TownDifficulty = .medium
    ) throws {
        guard landmarks >= 1, landmarks <= Self.maximumLandmarks else {
            throw DatasetError(
                .invalidArgument, "A town of \(landmarks) landmarks: ask for 1 to \(Self.maximumLandmarks).")
        }
        guard viewsPerLandmark >= 1, lookAlikes >= 0, distractors >= 0 else {
            throw DatasetError(
                .invalidArgument,
                "A town with \(viewsPerLandmark) views a landmark, \(lookAlikes) look-alikes and \(distractors) distractors: "
                    + "ask for at least 1, 0 and 0.")
        }
        guard (64...4_096).contains(longSide) else {
            throw DatasetError(.invalidArgument, "Views of \(longSide) pixels: ask for 64 to 4096.")
        }
        guard !difficulty.times.isEmpty, (0..<75).contains(difficulty.yaw), difficulty.zoom >= 1 else {
            throw DatasetError(
                .invalidArgument,
                "Difficulty \(difficulty.name): it needs a time of day, a yaw of 0 to 75 degrees and a zoom of at least 1."
            )
        }
        self.seed = seed
        self.landmarks = landmarks
        self.viewsPerLandmark = viewsPerLandmark
        self.lookAlikes = lookAlikes
        self.distractors = distractors
        self.longSide = longSide
        self.difficulty = difficulty
    }

    /// Reads a town's settings and checks them as the initialiser does.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            seed: values.decode(UInt64.self, forKey: .seed), landmarks: values.decode(Int.self, forKey: .landmarks),
            viewsPerLandmark: values.decode(Int.self, forKey: .viewsPerLandmark),
            lookAlikes: values.decode(Int.self, forKey: .lookAlikes),
            distractors: values.decode(Int.self, forKey: .distractors),
            longSide: values.decode(Int.self, forKey: .longSide),
            difficulty: values.decode(TownDifficulty.self, forKey: .difficulty))
    }

    /// The name of a landmark, without painting it. Unique in the town.
    public func label(of landmark: Int) -> String {
        TownNames.name(landmark, style: design(of: landmark).style, seed: seed)
    }

    /// Paints a landmark: tens of milliseconds. Traps on an index outside the town.
    public func landmark(_ index: Int) -> Landmark {
        let design = design(of: index)
        let label = TownNames.name(index, style: design.style, seed: seed)
        return Landmark(design, label: label, stream: (2, UInt64(index)))
    }

    /// Paints a look-alike: the bodies, windows and colours of landmark `index % landmarks`, but other details.
    public func lookAlike(_ index: Int) -> Landmark {
        let original = design(of: index % landmarks)
        let details = SplitMix64.mix(original.detailSeed &+ UInt64(index) &* 0x9E37_79B9 &+ 0x51)
        let design = LandmarkDesign(bodySeed: original.bodySeed, detailSeed: details)
        return Landmark(design, label: "", stream: (3, UInt64(index)))
    }

    /// Renders a view; indices past `viewsPerLandmark` give further ones. Paints the landmark anew each time.
    public func view(landmark: Int, index: Int) -> TownView { view(of: self.landmark(landmark), index: index) }

    /// Renders a view of a landmark, or look-alike, that this town painted: the same as painting it anew, and much faster.
    ///
    /// A look-alike's views have no label, as they show no landmark. Traps on a negative index.
    public func view(of painted: Landmark, index: Int) -> TownView {
        precondition(index >= 0, "view \(index)")
        var random = SplitMix64(seed: seed, path: painted.stream.kind, painted.stream.index, UInt64(index))
        let conditions = ViewConditions(of: painted, difficulty: difficulty, longSide: longSide, random: &random)
        let map = SceneRenderer.map(painted.facade, conditions.pose)
        let isLandmark = !painted.label.isEmpty
        return TownView(
            image: SceneRenderer.render(painted, conditions), label: isLandmark ? painted.label : nil,
            kind: isLandmark ? conditions.kind : .lookAlike, time: conditions.time, homography: map,
            pose: conditions.pose, facadeShare: share(of: painted, map: map, conditions: conditions))
    }

    /// Renders a view of a look-alike.
    public func view(lookAlike: Int, index: Int = 0) -> TownView { view(of: self.lookAlike(lookAlike), index: index) }

    /// Renders a view of no landmark: half of them streets, the rest parks, still lifes and patterns.
    public func distractor(index: Int) -> TownView {
        var random = SplitMix64(seed: seed, path: 4, UInt64(index))
        let kinds: [TownView.Kind] = [.street, .park, .street, .stillLife, .street, .park, .street, .abstract]
        return DistractorRenderer(difficulty: difficulty, longSide: longSide, seed: random.next())
            .render(kinds[index % kinds.count], random: &random)
    }

    /// The design of a landmark.
    func design(of landmark: Int) -> LandmarkDesign {
        precondition(landmark >= 0 && landmark < landmarks, "landmark \(landmark) of \(landmarks)")
        var random = SplitMix64(seed: seed, path: 1, UInt64(landmark))
        return LandmarkDesign(bodySeed: random.next(), detailSeed: random.next())
    }

    /// The share of a 24 x 24 grid of façade points that lies inside the view.
    private func share(of landmark: Landmark, map: PlaneMap, conditions: ViewConditions) -> Double {
        let size = landmark.facadeSize
        var walls = 0
        var seen = 0
        for row in 0..<24 {
            for column in 0..<24 {
                let x = (2 * column + 1) * size.width / 48
                let y = (2 * row + 1) * size.height / 48
                guard landmark.facadeCoverage(x: x, y: y) > 127 else { continue }
                walls += 1
                let at = map.project(x: Double(x) + 0.5, y: Double(y) + 0.5)
                let isInside =
                    at.w > 0 && at.x >= 0 && at.y >= 0 && at.x < Double(conditions.size.width)
                    && at.y < Double(conditions.size.height)
                if isInside { seen += 1 }
            }
        }
        return walls == 0 ? 0 : Double(seen) / Double(walls)
    }
}
