import CairnCore

/// How a network says where keypoints are and how they look. Numbers are places among its outputs.
public enum KeypointModelKind: Sendable, Hashable {
    /// Logits of 64 pixels and "none of them" for each 8 x 8 cell, `[1, 65, h, w]`, and a map of descriptors, `[1, D, h, w]`;
    /// sampled as SuperPoint does.
    case cells(logits: Int, descriptors: Int)

    /// The same and how reliable each cell is, `[1, 1, h, w]`; sampled as XFeat does.
    case reliableCells(logits: Int, descriptors: Int, reliability: Int)

    /// A score for each pixel, `[1, 1, H, W]` or `[1, H, W]`, and a coarser map of descriptors, `[1, D, h, w]`; sampled as
    /// SuperPoint does.
    case heatmap(scores: Int, descriptors: Int)

    /// A score for each pixel and four levels of features; two more networks describe the keypoints. Only ALIKED's own graph.
    case aliked

    /// How much each cell of 16 pixels matters, `[1, 1, h, w]`, and its descriptor, `[1, D, h, w]`, for each size of a pyramid. Only
    /// DELG's own graph.
    case attention(scores: Int, descriptors: Int)

    /// Finished keypoints: (x, y) in pixels of the network's input, `[N, 2]` or `[1, N, 2]`; descriptors, `[N, D]`, `[1, N, D]`
    /// or `[1, D, N]`; and mostly scores, `[N]`, `[1, N]` or `[1, N, 1]`.
    case keypoints(positions: Int, scores: Int?, descriptors: Int)

    /// Recognises a model by the shapes of its outputs, and by their names where shapes leave a choice.
    ///
    /// Throws `FeatureError` that lists what the model has, when that is none of the usual sets of outputs.
    public init(recognizing outputs: [NetworkPort]) throws {
        guard let kind = Self.dense(outputs) ?? Self.finished(outputs) else {
            let seen = outputs.map(\.description).joined(separator: ", ")
            throw FeatureError(
                .unsupported,
                "no keypoint model is known with the outputs \(seen.isEmpty ? "(none)" : seen); known are [1, 65, h, w] with [1, D, h, w] and perhaps [1, 1, h, w], [1, 1, H, W] with [1, D, h, w], and keypoints [N, 2] with scores [N] and descriptors [N, D]"
            )
        }
        self = kind
    }

    /// The place of the descriptors among the outputs; `nil` where another network makes them.
    public var descriptorOutput: Int? {
        switch self {
        case .cells(_, let place), .reliableCells(_, let place, _), .heatmap(_, let place), .attention(_, let place),
            .keypoints(_, _, let place):
            place
        case .aliked: nil
        }
    }

    private static func dense(_ outputs: [NetworkPort]) -> KeypointModelKind? {
        func places(_ condition: (Int) -> Bool) -> [Int] {
            outputs.indices.filter { place in
                let dimensions = outputs[place].dimensions
                return dimensions.count == 4 && (dimensions[1].map(condition) ?? false)
            }
        }
        let logits = places { $0 == 65 }
        let maps = places { $0 >= 16 && $0 != 65 }
        var single = places { $0 == 1 }
        if single.isEmpty { single = outputs.indices.filter { isPlane(outputs[$0]) } }
        guard maps.count == 1 else { return nil }
        switch (logits.count, single.count) {
        case (1, 0): return .cells(logits: logits[0], descriptors: maps[0])
        case (1, 1): return .reliableCells(logits: logits[0], descriptors: maps[0], reliability: single[0])
        case (0, 1): return .heatmap(scores: single[0], descriptors: maps[0])
        default: return nil
        }
    }

    /// `[1, H, W]`, and not keypoints.
    private static func isPlane(_ port: NetworkPort) -> Bool {
        port.dimensions.count == 3 && port.dimensions[0] ?? 1 == 1
            && port.dimensions.dropFirst().allSatisfy { $0 ?? .max > 2 }
    }

    private static func finished(_ outputs: [NetworkPort]) -> KeypointModelKind? {
        func places(named part: String) -> [Int] {
            outputs.indices.filter { outputs[$0].name.lowercased().contains(part) }
        }
        func isList(_ port: NetworkPort) -> Bool { (2...3).contains(port.dimensions.count) }
        let pairs = outputs.indices.filter { isList(outputs[$0]) && outputs[$0].dimensions.last == 2 }
        guard let positions = pairs.count == 1 ? pairs[0] : places(named: "keypoint").first(where: pairs.contains)
        else { return nil }

        // Other names are not needed: descriptors have two long axes, scores have one.
        func isScores(_ port: NetworkPort) -> Bool {
            switch port.dimensions.count {
            case 1: true
            case 2: port.dimensions[0] == 1 || port.dimensions[1] == 1
            case 3: port.dimensions[1] == 1 || port.dimensions[2] == 1
            default: false
            }
        }
        let others = outputs.indices.filter { $0 != positions }
        let scores = places(named: "score").first { others.contains($0) } ?? others.first { isScores(outputs[$0]) }
        let lists = others.filter { $0 != scores && isList(outputs[$0]) && !pairs.contains($0) }
        guard
            let descriptors = places(named: "desc").first(where: lists.contains) ?? (lists.count == 1 ? lists[0] : nil)
        else { return nil }
        return .keypoints(positions: positions, scores: scores, descriptors: descriptors)
    }
}
