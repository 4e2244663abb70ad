import CairnAlgebra
import CairnFormats
import CairnInference
import CairnMetrics
import CairnModelLibrary
import CairnRecipes
import CairnTorch

/// A network as it is kept: its own parameters and a description of it, in a file that `cairn models add` takes.
///
/// Classifiers and the state of losses and optimisers are not part of it.
struct TrainedModel {
    let network: TrainableNetwork
    let recipe: Recipe
    /// Epochs that it has seen, over all stages.
    let epochs: Int
    /// The figure that the recipe judges by.
    let figure: MetricFigure?

    /// What the file says of itself.
    func description() throws -> ModelDescription {
        let model = network.model
        var description = ModelDescription(
            network: model.delgConfiguration.map { .delg($0) } ?? .descriptor(model.network),
            preprocessing: model.input.normalization.preprocessing, size: max(32, model.input.size),
            fit: model.input.fit.photoFit, scales: try ScaleSet(model.scales),
            scaleAggregation: model.scaleAggregation.aggregation)
        description.training = .init(
            recipe: recipe.name, epoch: epochs, metric: figure?.name, validation: figure?.value,
            seed: UInt64(recipe.training?.seed ?? 1), version: "0.1.0")
        return description
    }

    /// Writes the file; it appears when it is complete.
    func write(to path: String) throws {
        let tensors = try network.parameters.entries.map { entry in
            (
                name: entry.spec.name,
                array: NumericArray(try entry.tensor.floats(), shape: entry.spec.shape.dimensions)
            )
        }
        try description().write(tensors: tensors, to: path)
    }
}

extension RecipeModelInput.Normalization {
    /// The same for served models.
    var preprocessing: ImagePreprocessing {
        switch self {
        case .imagenet: .imageNet
        case .half: .inception
        case .unit: .unit
        }
    }
}

extension RecipeModel.ScaleAggregationKind {
    /// The same for served models.
    var aggregation: ScaleAggregation {
        switch self {
        case .average: .average
        case .sum: ScaleAggregation(method: .sum)
        case .gem: .generalizedMean
        }
    }
}
