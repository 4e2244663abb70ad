import CairnNN
import CairnRecipes
import CairnTorch

/// The losses of a stage, each multiplied by its weight, added up: `Σ_i weight_i · loss_i`.
///
/// Each has parameters and state of its own at `i`, its place in the list, below the context's: `0.weight`, `1.t`.
public struct WeightedLossSum: Loss {
    private let terms: [Term]

    private struct Term {
        let name: String
        let weight: Double
        let loss: any Loss
    }

    /// Makes the losses in their order. Throws as `TrainingLoss.makeLoss`.
    public init(_ losses: [TrainingLoss], _ context: LossContext) throws {
        terms = try losses.enumerated().map { index, settings in
            let isAlone = losses.filter { $0.kind == settings.kind }.count == 1
            return Term(
                name: isAlone ? settings.kind.rawValue : "\(settings.kind.rawValue).\(index)", weight: settings.weight,
                loss: try settings.makeLoss(context.at(context.parameters[index])))
        }
    }

    /// See `Loss`. Parts are those of all losses by name, of a kind that is there several times with its place behind it: `arcFace.1`.
    /// Logits are the first classifying loss's. Without losses it is 0 with gradient 0.
    public func callAsFunction(_ input: LossInput) throws -> LossValue {
        try input.check()
        var sum: LossValue?
        for term in terms {
            var value = try term.loss(input)
            if term.weight != 1 { value.total = try value.total.scaled(by: term.weight) }
            value.parts = value.parts.map { part in
                let kind = part.name.prefix { $0 != "." }
                return LossPart(term.name + part.name.dropFirst(kind.count), part.value)
            }
            guard let before = sum else {
                sum = value
                continue
            }
            sum = LossValue(
                total: try before.total + value.total, parts: before.parts + value.parts,
                logits: before.logits ?? value.logits)
        }
        return try sum ?? LossValue(total: input.nothing(), parts: [])
    }
}
