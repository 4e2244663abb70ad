import ArgumentParser
import CairnInference
import CairnModelLibrary
import CairnModels
import CairnTerminal
import Foundation

struct ModelsAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a network from a file: ONNX, safetensors, or a torch checkpoint.",
        discussion: """
            A checkpoint's names must be those of its architecture, every one of them: those of timm and torchvision for \
            backbones, the authors' own for keypoint networks. An ONNX file whose outputs are keypoints becomes a local \
            model; of any other, one output is the descriptor, or is pooled to it. Checkpoints of SuperGlue, LightGlue and \
            LoFTR become matchers, which cairn match takes. A model that cairn-train exported says itself what it is: options \
            of its network are refused where they contradict that, those of size and scales go before it.

            EXAMPLES
              cairn models add trained.safetensors --name mine
              cairn models add delg.safetensors --name delg-points --local
              cairn models add resnet50.safetensors --name r50 --pooling gem --ignore-head
              cairn models add gl18.pth --name gl18 --architecture resnet101 --scales multi
              cairn models add aliked-n16.pth --name aliked
              cairn models add lightglue.pth --name lg --architecture lightglue-aliked
              cairn models add net.onnx --name b --output features --pooling rmac
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The model's name.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("A checkpoint's architecture; its names tell by default.", valueName: "name"))
    var architecture: String?

    @Option(help: ArgumentHelp("How a map becomes a vector: gem (default), gap, mac, rmac or rgem.", valueName: "name"))
    var pooling: PoolingConfiguration.Kind?

    @Flag(help: "The exponent of gem and rgem is in the checkpoint, as pool.p.")
    var learnedExponent = false

    @Option(
        help: ArgumentHelp(
            "Layers behind the pooling: none (default), fc, conv-bn, l2-fc, bn-dropout-fc-bn, fc-bn or whitening.",
            valueName: "name"))
    var head: HeadConfiguration.Kind?

    @Option(help: ArgumentHelp("Outputs of the head.", valueName: "count"))
    var dimensions: Int?

    @Option(
        help: ArgumentHelp(
            "What the network wants done to pixels: imagenet (default), inception, unit, caffe or grey.",
            valueName: "name"))
    var preprocess: PreprocessingName?

    @Option(
        help: ArgumentHelp("The long side to which photos are reduced, in pixels; 1024 by default.", valueName: "px"))
    var longSide: Int?

    @Option(
        help: ArgumentHelp(
            "Which side that is: long-side (default), short-side, or square for both, whatever the aspect ratio.",
            valueName: "name"))
    var fit: PhotoFit?

    @Option(
        help: ArgumentHelp(
            "Sizes to look at: single (default), multi (1/√2, 1, √2) or a list of factors.", valueName: "list"))
    var scales: ScalesArgument?

    @Option(help: ArgumentHelp("An ONNX output that is the descriptor, or the map to pool.", valueName: "name"))
    var output: String?

    @Flag(help: "Make a global model of a file that could be a local one: ONNX with keypoint outputs, or DELG.")
    var global = false

    @Flag(help: "Take the keypoints of a DELG that describes itself, which is a global model otherwise.")
    var local = false

    @Flag(help: "Pass over the classifier's weights.")
    var ignoreHead = false

    @Option(help: ArgumentHelp("A beginning that comes off the checkpoint's names, such as module.", valueName: "text"))
    var stripPrefix: String?

    @Option(help: ArgumentHelp("A local model's keypoints a photo, at most.", valueName: "count"))
    var keypoints: Int?

    @Option(help: ArgumentHelp("Where the weights come from, kept for the record.", valueName: "text"))
    var origin: String?

    @Option(help: ArgumentHelp("The weights' licence, kept for the record.", valueName: "text"))
    var licence: String?

    @Flag(help: "Print the record as JSON.")
    var json = false

    func validate() throws {
        guard !(global && local) else { throw ValidationError("--global and --local exclude each other.") }
        if let longSide, !(32...8_192).contains(longSide) {
            throw ValidationError("--long-side is \(longSide); it must be from 32 to 8192.")
        }
        if let dimensions, !(1...8_192).contains(dimensions) {
            throw ValidationError("--dimensions is \(dimensions); it must be from 1 to 8192.")
        }
        if let keypoints, !(1...100_000).contains(keypoints) {
            throw ValidationError("--keypoints is \(keypoints); it must be from 1 to 100000.")
        }
    }

    func run() async throws {
        try ModelLibrary.requireFree(name: name)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
            throw CommandError(kind: .invalidInput, message: "\(file) is a folder; a model is added from one file")
        }
        var addition = ModelAddition(file: file, name: name)
        addition.architecture = architecture
        addition.kind = global ? .global : local ? .local : nil
        if pooling != nil || learnedExponent {
            addition.pooling = PoolingConfiguration(kind: pooling ?? .generalizedMean, learnsExponent: learnedExponent)
        }
        addition.head = head.map { HeadConfiguration(kind: $0) }
        addition.dimensions = dimensions
        addition.preprocessing = preprocess?.preprocessing
        addition.longSide = longSide
        addition.fit = fit
        addition.scales = scales?.scales
        addition.output = output
        addition.ignoresHead = ignoreHead
        addition.namePrefix = stripPrefix
        addition.maximumKeypoints = keypoints
        addition.origin = origin
        addition.licence = licence
        let library = ModelLibrary.standard
        let record = try library.add(addition, runtime: ModelRuntime(precision: .float32, cacheDirectory: nil))
        if json {
            try Console.printJSON(ModelListing(record))
        } else {
            Console.print("\(record.name): \(record.sentence) → \(library.path)")
        }
    }
}

/// Pre-processings as they are named on the command line.
enum PreprocessingName: String, ExpressibleByArgument, CaseIterable {
    case imagenet, inception, unit, caffe, grey

    var preprocessing: ImagePreprocessing {
        switch self {
        case .imagenet: .imageNet
        case .inception: .inception
        case .unit: .unit
        case .caffe:
            // Blue, green, red of 0...255 less the means of ImageNet: what BN-Inception and VGG of Caffe take.
            ImagePreprocessing(
                channelOrder: .bgr, range: .bytes, mean: [104 / 255, 117 / 255, 128 / 255], deviation: [1, 1, 1])
        case .grey: .grey
        }
    }
}

/// `single`, `multi`, or factors with commas between them.
struct ScalesArgument: ExpressibleByArgument {
    let scales: ScaleSet

    init(scales: ScaleSet) { self.scales = scales }

    init?(argument: String) {
        switch argument {
        case "single": scales = .single
        case "multi": scales = .three
        default:
            let factors = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            guard !factors.contains(nil), let set = try? ScaleSet(factors.compactMap(\.self)) else { return nil }
            scales = set
        }
    }

    var defaultValueDescription: String { scales == .single ? "single" : "\(scales.factors)" }
}

extension PoolingConfiguration.Kind: ExpressibleByArgument {}
extension HeadConfiguration.Kind: ExpressibleByArgument {}

extension PhotoFit: ExpressibleByArgument {}
