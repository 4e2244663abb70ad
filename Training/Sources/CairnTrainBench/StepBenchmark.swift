import ArgumentParser
import CairnModels
import CairnNN
import CairnRecipes
import CairnTorch
import CairnTraining
import Foundation

/// Times training steps as `Training/Benchmarks/step.py` times PyTorch's: forward, cross-entropy over 1,000 classes, backward,
/// optimiser. A step ends when its loss is known; images and labels are made before.
struct StepBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step", abstract: "Seconds and memory of a training step.")

    enum Precision: String, ExpressibleByArgument, CaseIterable { case f32, bf16 }
    enum Optimisation: String, ExpressibleByArgument, CaseIterable { case sgd, adamw }
    enum Device: String, ExpressibleByArgument, CaseIterable { case cpu, cuda }

    @Option(name: [.customLong("model"), .customLong("architecture")], help: "An architecture.") var model = "resnet18"
    @Option(help: "Pixels of a side.") var size = 224
    @Option(help: "Photos of a batch.") var batch = 8
    @Option(help: "f32 or bf16.") var precision = Precision.f32
    @Option(help: "sgd or adamw.") var optimizer = Optimisation.sgd
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Steps that are timed.") var steps = 8
    @Option(help: "Steps before those.") var warmup = 2
    @Option(help: "cpu or cuda.") var device = Device.cpu
    @Flag(help: "Memory with channels innermost.") var channelsLast = false
    @Flag(help: "Each step waits for a line of input, so that several programs can take turns.") var paced = false
    @Flag(help: "Memory given back to the system at once.") var returnsMemory = false

    func run() throws {
        if !returnsMemory { Torch.keepMemory() }
        let place: TorchDevice = device == .cuda ? .cuda(0) : .cpu
        if device == .cuda { _ = try CUDA.open() }
        Torch.threads = threads
        Torch.seed(1)

        let source = TorchParameters(seed: 1, device: place, channelsLast: channelsLast)
        let network = try Architecture.named(model).makeBackbone(Parameters(source), classes: 1000)
        source.phase.isTraining = true
        let learned = source.entries.filter { $0.spec.role != .buffer }
            .map { LearnedParameter(name: $0.spec.name, tensor: $0.tensor) }
        var settings = OptimizerSettings()
        settings.kind = optimizer == .sgd ? .sgd : .adamw
        settings.learningRate = optimizer == .sgd ? 0.01 : 1e-3
        settings.momentum = optimizer == .sgd ? 0.9 : nil
        let groups = ParameterGroups([
            ParameterGroups.Group(name: "all", rateMultiplier: 1, weightDecay: 1e-4, parameters: learned)
        ])
        let optimizer = try makeOptimizer(settings, for: groups)

        let images = try ATen("aten::randn")([batch, 3, size, size], TorchElementType.float32, TorchValue.none, place)
            .converted(channelsLast: channelsLast)
        let labels = try TorchTensor((0..<batch).map { $0 * 37 % 1000 }, device: place)
        var seconds: [Double] = []
        var value = 0.0
        for _ in 0..<(warmup + steps) {
            if paced { _ = readLine() }
            try CUDA.synchronize(place)
            let start = ContinuousClock.now
            value = try step(network, images, labels, optimizer, place)
            seconds.append((ContinuousClock.now - start) / .seconds(1))
            if paced { FileHandle.standardOutput.write(Data("done\n".utf8)) }
        }
        try report(Array(seconds.dropFirst(warmup)), loss: value, place)
    }

    private func step(
        _ network: any Backbone<TorchTensor>, _ images: TorchTensor, _ labels: TorchTensor, _ optimizer: any Optimizer,
        _ place: TorchDevice
    ) throws -> Double {
        let logits = try Torch.withAutocast(precision == .bf16, on: place) {
            try network.logits(network.features(images))
        }
        let loss = try Self.crossEntropy(logits.converted(to: .float32), labels)
        try loss.backward()
        try optimizer.step(rateFactor: 1)
        try optimizer.clearGradients()
        return try loss.item()
    }

    private static let crossEntropy = ATen("aten::cross_entropy_loss")

    /// One JSON line, as the peer's.
    private func report(_ seconds: [Double], loss: Double, _ place: TorchDevice) throws {
        var fields = [
            "\"side\": \"cairn\"", "\"version\": \"\(Torch.version)\"", "\"device\": \"\(device)\"",
            "\"threads\": \(Torch.threads)", "\"size\": \(size)", "\"model\": \"\(model)\"",
            "\"precision\": \"\(precision)\"", "\"optimizer\": \"\(optimizer)\"", "\"batch\": \(batch)",
            "\"loss\": \(loss)", "\"seconds_median\": \(Self.median(seconds))", "\"seconds_all\": \(seconds)",
            "\"peak_rss_bytes\": \(Self.peakMemory())",
        ]
        if let peak = try CUDA.peakMemory(place) { fields.append("\"peak_device_bytes\": \(peak)") }
        print("{\(fields.joined(separator: ", "))}")
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// The most memory that this process has held, in bytes.
    private static func peakMemory() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
        return line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }
}
