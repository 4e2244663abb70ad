import CairnModels
import CairnNN
import CairnONNX

/// Ways to look at a backbone: its shapes, and what it gives with seeded weights.
enum BackboneProbe {
    /// The shapes of the feature map and the logits for an image.
    static func shapes(
        _ image: Shape, _ build: (Parameters<ShapeTensor>) throws -> any Backbone<ShapeTensor>
    ) throws -> (features: Shape, logits: Shape) {
        let network = try build(Parameters(ShapeParameters()))
        let features = try network.features(ShapeTensor(image))
        return (features.shape, try network.logits(features).shape)
    }

    /// What a network asks its checkpoint for.
    static func names(_ build: (Parameters<ShapeTensor>) throws -> any Backbone<ShapeTensor>) throws -> ParameterNames {
        let source = ShapeParameters()
        _ = try build(Parameters(source))
        return ParameterNames(source.specs)
    }

    /// Runs a network with seeded weights, and compares it with a golden.
    ///
    /// - Returns: For each output of the golden, the largest difference relative to the golden's largest magnitude.
    static func errors(
        _ golden: ModelGolden, _ build: (Parameters<GraphTensor>) throws -> any Backbone<GraphTensor>
    ) throws -> [String: Float] {
        let shape = Shape(golden.inputShape)
        let outputs = try ParityRunner.outputs(of: SeededParameters.image(shape), shape: shape) { parameters, image in
            let network = try build(parameters)
            let features = try network.features(image)
            return [
                ("features", features), ("pooled", try features.mean([2, 3])), ("logits", try network.logits(features)),
            ]
        }
        return ParityRunner.errors(golden, outputs)
    }
}
