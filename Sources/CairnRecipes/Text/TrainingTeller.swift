/// Puts a stage of training into words.
struct TrainingTeller {
    let stage: TrainingStage
    let recipe: Recipe

    func step() -> RecipeText.Step {
        var lines: [String] = []
        let models = stage.models.isEmpty ? "all models" : stage.models.joined(separator: ", ")
        lines.append("\(models), on \(stage.data)" + (stage.start.map { ", from \($0.rawValue) weights" } ?? ""))
        if let outside = stage.outside {
            lines.append("photos outside \(outside.cleaning) count \(text(outside.weight))")
        }
        lines += stage.losses.map(loss)
        if let delg = stage.delg { lines += self.delg(delg) }
        if stage.losses.contains(where: { $0.kind.classifies }) { lines.append(classifier()) }
        lines.append(sampler())
        if let mining = stage.mining {
            lines.append(
                "mined every \(plural(mining.every, "epoch")): \(plural(mining.queries, "query", "queries")), \(mining.positives.rawValue) positives, "
                    + "\(mining.negatives) hard of \(plural(mining.pool, "photo"))")
        }
        for phase in stage.augmentation {
            lines.append(
                "augmentation “\(phase.name)” from epoch \(phase.fromEpoch): \(phase.steps.map(augmentation).joined(separator: ", "))"
            )
        }
        if let mixing = stage.mixing {
            lines.append(
                "mixed by \(mixing.kind.rawValue)\(mixing.twoStreams ? ", plain and mixed in two streams" : "")")
        }
        lines.append(optimizer())
        lines.append(schedule())
        lines.append(
            "sizes: "
                + stage.sizes.map { "\($0.size) px (\($0.shape.rawValue)) for \(plural($0.epochs, "epoch"))" }.joined(
                    separator: ", then "))
        if !stage.frozen.isEmpty { lines.append("frozen: \(stage.frozen.map(\.rawValue).joined(separator: ", "))") }
        if let clipping = stage.clipping {
            lines.append("gradients cut by \(clipping.kind.rawValue) at \(text(clipping.threshold))")
        }
        if let decay = stage.movingAverage { lines.append("moving average of the weights, decay \(text(decay))") }
        if stage.precision != .f32 { lines.append("computed in \(stage.precision.rawValue)") }
        return .init(title: "Training stage “\(stage.name)”", lines: lines, source: stage.source)
    }

    private func loss(_ loss: TrainingLoss) -> String {
        var words = ["loss: \(loss.weight == 1 ? "" : "\(text(loss.weight)) × ")\(loss.kind.rawValue)"]
        if let margin = loss.margin { words.append("margin \(text(margin))") }
        if let scale = loss.scale { words.append("scale \(text(scale))\(loss.learnsScale == true ? ", learned" : "")") }
        if let rule = loss.scaleRule { words.append("scale \(rule.rawValue)") }
        if let subcenters = loss.subcenters { words.append("\(plural(subcenters, "sub-centre"))") }
        if let bins = loss.bins { words.append("\(plural(bins, "bin"))") }
        if let smoothing = loss.labelSmoothing, smoothing > 0 { words.append("labels smoothed by \(text(smoothing))") }
        if let weights = loss.classWeights, weights != .uniform {
            words.append("classes weighted by \(weights.rawValue)")
        }
        return words.joined(separator: ", ")
    }

    private func delg(_ losses: DELGLosses) -> [String] {
        let weights = [losses.globalWeight, losses.attentionWeight, losses.reconstructionWeight].map { text($0) }
        let stopped = [
            losses.stopsAttentionGradient ? "attention" : nil,
            losses.stopsReconstructionGradient ? "reconstruction" : nil,
        ].compactMap(\.self)
        return [
            "DELG: global, attention, reconstruction weigh \(weights.joined(separator: " : "))",
            stopped.isEmpty
                ? "every gradient reaches the backbone"
                : "gradients of \(stopped.joined(separator: " and ")) stop before the backbone",
        ]
    }

    private func classifier() -> String {
        let start = stage.classifier.deviation.map { "N(0, \(text($0)))" } ?? stage.classifier.initializer.rawValue
        let rate = stage.classifier.learningRateMultiplier
        return "class weights begin from \(start)" + (rate == 1 ? "" : ", learning rate × \(text(rate))")
    }

    private func sampler() -> String {
        var words = ["batches of \(stage.batchSize), \(stage.sampler.kind.rawValue)"]
        if let classes = stage.sampler.classes, let photos = stage.sampler.photos {
            words.append("\(classes) × \(photos)")
        }
        if stage.sampler.groupsByAspect { words.append("grouped by aspect ratio") }
        if stage.accumulation > 1 { words.append("\(stage.accumulation) added up") }
        return words.joined(separator: ", ")
    }

    private func augmentation(_ step: Augmentation) -> String {
        step.probability == 1 ? step.kind.rawValue : "\(step.kind.rawValue) (\(percent(step.probability)))"
    }

    private func optimizer() -> String {
        let settings = stage.optimizer
        var words = ["\(settings.kind.rawValue), learning rate \(text(settings.learningRate))"]
        if let momentum = settings.momentum {
            words.append("momentum \(text(momentum))\(settings.nesterov == true ? " (Nesterov)" : "")")
        }
        words.append("weight decay \(text(settings.weightDecay))")
        if settings.poolingMultiplier != 1 {
            words.append("the pooling’s exponent × \(text(settings.poolingMultiplier))")
        }
        return words.joined(separator: ", ")
    }

    private func schedule() -> String {
        let settings = stage.schedule
        var words = ["schedule: \(settings.kind.rawValue)"]
        if let power = settings.power { words.append("power \(text(power))") }
        if let gamma = settings.gamma { words.append("× \(text(gamma))") }
        if let milestones = settings.milestones {
            words.append("after epochs \(milestones.map(String.init).joined(separator: ", "))")
        }
        if let factor = settings.finalFactor, factor > 0 { words.append("ends at × \(text(factor))") }
        if settings.warmupEpochs > 0 { words.append("warm-up of \(text(settings.warmupEpochs)) epochs") }
        return words.joined(separator: ", ")
    }
}
