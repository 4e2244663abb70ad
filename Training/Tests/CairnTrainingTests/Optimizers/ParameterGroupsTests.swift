import CairnModels
import CairnNN
import CairnTorch
import CairnTraining
import Testing

@testable import CairnRecipes

@Suite struct ParameterGroupsTests {
    /// ResNet-18, a learned GeM, a linear layer with batch normalisation, and a classifier with a bias.
    private struct Net {
        let source = TorchParameters(seed: 1)
        let network: DescriptorNetwork<TorchTensor>

        init() throws {
            let configuration = DescriptorNetworkConfiguration(
                architecture: "resnet18", pooling: .learnedGeM, head: HeadConfiguration(kind: .linearNorm),
                dimensions: 16)
            network = try DescriptorNetwork(Parameters(source), configuration: configuration)
            let classifier = Parameters<TorchTensor>(source)["classifier"][0]
            _ = try classifier("weight", [5, 16], .normal(deviation: 0.001))
            _ = try classifier("bias", [5], role: .bias, .constant(0))
        }

        func groups(_ change: (inout OptimizerSettings) -> Void = { _ in }, frozen: [TrainingStage.FrozenPart] = [])
            -> ParameterGroups
        {
            var optimizer = OptimizerSettings()
            (optimizer.weightDecay, optimizer.poolingMultiplier) = (0.01, 10)
            change(&optimizer)
            var classifier = ClassifierSettings()
            classifier.learningRateMultiplier = 7
            return ParameterGroups(source.entries, optimizer: optimizer, classifier: classifier, frozen: frozen)
        }

        func gradient(of name: String) throws -> TorchTensor? { try source.tensor(named: name)?.gradient }
    }

    private func isNorm(_ name: String) -> Bool {
        // Names of torchvision: bn1, layer1.0.bn2, layer2.0.downsample.1; and the head's.
        name.contains(".bn") || name.hasPrefix("bn1.") || name.contains("downsample.1.")
    }

    @Test("Weights decay, norms and biases do not, the exponent and the classifier have their multiples")
    func sorts() throws {
        let groups = try Net().groups().groups
        #expect(groups.map(\.name) == ["base", "base, no decay", "pooling", "classifier", "classifier, no decay"])
        #expect(groups.map(\.rateMultiplier) == [1, 1, 10, 7, 7])
        #expect(groups.map(\.weightDecay) == [0.01, 0, 0, 0.01, 0])
        let names = groups.map { $0.parameters.map(\.name) }
        // 20 convolutions and the head's matrix; 20 normalisations and the head's, two each, and the head's bias.
        #expect(names.map(\.count) == [21, 43, 1, 1, 1])
        #expect(names[0].first == "conv1.weight" && names[0].last == "head.fc.weight")
        #expect(names[0].allSatisfy { $0.hasSuffix(".weight") && !isNorm($0) })
        #expect(names[1].filter { !isNorm($0) } == ["head.fc.bias"])
        #expect(names[2...] == [["pool.p"], ["classifier.0.weight"], ["classifier.0.bias"]])
    }

    @Test("Where norms and biases decay, the exponent still does not")
    func allDecay() throws {
        let groups = try Net().groups({ $0.decaysNormsAndBiases = true }).groups
        #expect(groups.map(\.name) == ["base", "pooling", "classifier"])
        #expect(groups.map(\.weightDecay) == [0.01, 0, 0.01])
        #expect(groups.map(\.parameters.count) == [64, 1, 2])
    }

    @Test("Frozen batch normalisation is all of it, with statistics, and nothing else")
    func frozenNorms() throws {
        let net = try Net()
        let groups = net.groups(frozen: [.batchNorm])
        #expect(groups.frozen.count == 42 && groups.frozen.allSatisfy(isNorm))
        #expect(!groups.parameters.map(\.name).contains(where: isNorm))
        try groups.apply(to: net.source.phase)
        for layer in ["bn1", "layer2.0.downsample.1", "head.bn"] { #expect(net.source.phase.freezesStatistics(layer)) }
        for entry in net.source.entries {
            let learns = entry.spec.role != .buffer && !isNorm(entry.spec.name)
            #expect(entry.tensor.requiresGradient == learns, "\(entry.spec.name)")
        }
    }

    @Test(
        "A frozen part has no group",
        arguments: [
            (TrainingStage.FrozenPart.backbone, 60, ["conv1.weight", "layer4.1.bn2.bias"]), (.pooling, 1, ["pool.p"]),
            (.head, 4, ["head.fc.weight", "head.fc.bias", "head.bn.weight", "head.bn.bias"]),
            (.classifier, 2, ["classifier.0.weight", "classifier.0.bias"]),
        ])
    func frozenParts(part: TrainingStage.FrozenPart, count: Int, names: [String]) throws {
        let net = try Net()
        let groups = net.groups(frozen: [part])
        #expect(groups.frozen.count == count)
        #expect(Set(names).isSubset(of: groups.frozen))
        #expect(groups.frozen.count + groups.parameters.count == 67)
        try groups.apply(to: net.source.phase)
        #expect(net.source.phase.freezesStatistics("layer1.0.bn1") == (part == .backbone))
        #expect(net.source.phase.freezesStatistics("head.bn") == (part == .head))
    }

    @Test(
        "In training a frozen backbone keeps weights and statistics bit for bit while the head learns; later it learns again"
    )
    func frozenBackbone() throws {
        let net = try Net()
        net.source.phase.isTraining = true
        let groups = net.groups(frozen: [.backbone])
        try groups.apply(to: net.source.phase)
        func values(_ name: String) throws -> [Float] { try #require(net.source.tensor(named: name)).floats() }
        let watched = ["conv1.weight", "bn1.running_mean", "layer4.1.bn2.running_var", "layer4.1.bn2.weight"]
        let learning = ["head.fc.weight", "head.bn.running_mean", "pool.p"]
        let before = try (watched + learning).map(values)

        func step(_ groups: ParameterGroups) throws {
            // Of two pixels and more: of one the exponent of the mean makes no difference.
            let image = try TorchTensor((0..<2 * 3 * 64 * 64).map { Float($0 % 17) / 17 - 0.5 }, shape: [2, 3, 64, 64])
            let weights = try TorchTensor((0..<32).map { Float($0 % 5) }, shape: [2, 16])
            try ATen("aten::sum")(net.network(image) * weights).backward()
            let optimizer = try makeOptimizer(OptimizerSettings(), for: groups)
            #expect(try GradientClipper().clip(groups.parameters) > 0)
            try optimizer.step(rateFactor: 1)
        }
        try step(groups)
        let after = try (watched + learning).map(values)
        #expect(Array(after.prefix(4)) == Array(before.prefix(4)))
        for place in 4..<7 { #expect(after[place] != before[place], "\(learning[place - 4])") }
        #expect(try net.gradient(of: "conv1.weight") == nil && net.gradient(of: "head.fc.weight") != nil)

        let all = net.groups()
        try all.apply(to: net.source.phase)
        #expect(try net.gradient(of: "head.fc.weight") == nil)
        try step(all)
        for (name, old) in zip(watched, before) { #expect(try values(name) != old, "\(name)") }
    }

    @Test("Parts are told by names, classifiers by prefixes of one's own")
    func parts() {
        #expect(NetworkPart(of: "layer1.0.conv1.weight") == .backbone)
        #expect(NetworkPart(of: "local.attention.bn.weight") == .local)
        #expect(NetworkPart(of: "arc.weight") == .backbone)
        #expect(NetworkPart(of: "arc.weight", classifierPrefixes: ["arc."]) == .classifier)
    }
}
