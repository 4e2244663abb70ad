import CairnInference
import CairnNN
import CairnONNX
import Testing

@testable import CairnModels

/// The same numbers as timm's models with the same weights. One member for each way of building; `Scripts/parity/resnets.py check`
/// compares all.
@Suite(.serialized) struct ResNetParityTests {
    @Test(arguments: ["resnet18", "resnet50d", "resnext50_32x4d", "legacy_seresnet101", "resnest50d"])
    func `Maps and logits are timm's to 1e-4`(_ name: String) throws {
        let golden = try ModelGolden.named(name)
        let shape = Shape(golden.inputShape)
        let outputs = try ParityRunner.outputs(of: SeededParameters.image(shape), shape: shape) { parameters, image in
            let backbone = try Architecture.named(name).makeStagedBackbone(parameters, classes: golden.classes)
            let (shallow, deep) = try backbone.shallowAndDeepFeatures(image)
            return [
                ("shallow", try shallow.mean([2, 3])), ("features", try deep.mean([2, 3])), ("map", deep),
                ("logits", try backbone.logits(deep)),
            ]
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == 4)
        for (output, error) in errors { #expect(error < 1e-4, "\(output)") }
    }

    @Test(arguments: ["resnet18", "resnest50d"])
    func `A graph built at one size is right at others`(_ name: String) throws {
        let golden = try ModelGolden.named(name)
        let shape = Shape(golden.inputShape)
        let outputs = try ParityRunner.outputs(
            of: SeededParameters.image(shape), shape: shape, tracedShape: [2, 3, 224, 160]
        ) { parameters, image in
            let backbone = try Architecture.named(name).makeBackbone(parameters, classes: golden.classes)
            let map = try backbone.features(image)
            return [("map", map), ("logits", try backbone.logits(map))]
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == 2)
        for (output, error) in errors { #expect(error < 1e-4, "\(output)") }
    }
}
