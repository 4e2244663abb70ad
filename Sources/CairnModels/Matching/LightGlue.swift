import CairnNN

/// LightGlue: partners of keypoints from attention within and across two images, lighter than SuperGlue and without its
/// iterations.
///
/// Lindenberger, Sarlin and Pollefeys, "LightGlue: Local Feature Matching at Light Speed", ICCV 2023. Parameters are named as in
/// the authors' code and kornia's: `input_proj`, `posenc`, `transformers`, `log_assignment`, `token_confidence`.
///
/// Deviations: all layers always run on all keypoints. Stopping early and dropping keypoints (section 3.3) decide between layers
/// what comes next, which a graph of fixed shape cannot; both trade a little accuracy for time, so results are those of the
/// authors' code with `depth_confidence` and `width_confidence` at -1. Their parameters are read all the same, for training.
public struct LightGlue<T: Tensor> {
    private let inputProjection: Linear<T>?
    private let rotation: LightGlueRotation<T>
    private let layers: [(within: LightGlueSelfAttention<T>, across: LightGlueCrossAttention<T>)]
    private let assignments: [LightGlueAssignment<T>]
    private let confidences: [Linear<T>]
    private let configuration: LightGlueConfiguration

    /// The state after a layer.
    public struct LayerState {
        /// `[N, L, D]`.
        public let a: T
        /// `[N, S, D]`.
        public let b: T
    }

    /// Takes its parameters by name. Throws as their source does, and `NetworkError` for impossible sizes.
    public init(_ parameters: Parameters<T>, configuration: LightGlueConfiguration = .superPoint) throws {
        try configuration.validate()
        let (size, heads, count) = (configuration.descriptorSize, configuration.heads, configuration.layers)
        inputProjection =
            configuration.inputSize == size
            ? nil : try Linear(parameters["input_proj"], from: configuration.inputSize, to: size)
        rotation = try LightGlueRotation(parameters["posenc"], headSize: size / heads)
        layers = try (0..<count).map { index in
            func place(_ name: String) -> Parameters<T> {
                switch configuration.naming {
                case .nested: parameters["transformers"][index][name]
                case .flat: parameters[name][index]
                }
            }
            return (
                try LightGlueSelfAttention(place("self_attn"), size: size, heads: heads),
                try LightGlueCrossAttention(place("cross_attn"), size: size, heads: heads)
            )
        }
        assignments = try (0..<count).map { try LightGlueAssignment(parameters["log_assignment"][$0], size: size) }
        confidences = try (0..<(count - 1)).map {
            try Linear(parameters["token_confidence"][$0]["token"][0], from: size, to: 1)
        }
        self.configuration = configuration
    }

    /// The log assignment of keypoints of `a`, `[N, L, …]`, to those of `b`, `[N, S, …]`: `[N, L + 1, S + 1]`.
    ///
    /// The last row and column hold how likely a keypoint has no partner. Positions are from the image's centre in units of half
    /// its longer side. Throws `NetworkError` on other shapes.
    public func callAsFunction(_ a: KeypointSet<T>, _ b: KeypointSet<T>) throws -> T {
        let states = try states(a, b)
        return try assignment(states[states.count - 1], layer: states.count - 1, validities: (a.validity, b.validity))
    }

    /// The state after each layer; training looks at all of them.
    public func states(_ a: KeypointSet<T>, _ b: KeypointSet<T>) throws -> [LayerState] {
        for set in [a, b] { try set.check(coordinates: 2, descriptorSize: configuration.inputSize, layer: "LightGlue") }
        var x = try inputProjection?(a.descriptors) ?? a.descriptors
        var y = try inputProjection?(b.descriptors) ?? b.descriptors
        let (rotationX, rotationY) = (try rotation(a.positions), try rotation(b.positions))
        return try layers.map { layer in
            x = try layer.within(x, rotation: rotationX, validity: a.validity)
            y = try layer.within(y, rotation: rotationY, validity: b.validity)
            (x, y) = try layer.across(x, y, validities: (a.validity, b.validity))
            return LayerState(a: x, b: y)
        }
    }

    /// The log assignment after a layer, `[N, L + 1, S + 1]`.
    public func assignment(_ state: LayerState, layer: Int, validities: (T?, T?) = (nil, nil)) throws -> T {
        try assignments[layer](state.a, state.b, validities: validities)
    }

    /// Whether each keypoint's partner is as good as settled after a layer, all but the last, in (0, 1): `[N, L]` and `[N, S]`.
    ///
    /// No gradient reaches the state: this is learned beside the rest.
    public func confidences(_ state: LayerState, layer: Int) throws -> (T, T) {
        func confidence(_ x: T) throws -> T {
            try confidences[layer](x.detached()).sigmoid().reshaped([x.shape[0], x.shape[1]])
        }
        return (try confidence(state.a), try confidence(state.b))
    }
}
