import CairnFormats
import CairnModels
import CairnNN

/// A checkpoint of random weights, under the names and in the shapes of its architecture: for rehearsals, in which everything runs as
/// with trained weights, and no figure means anything.
enum UntrainedCheckpoint {
    /// What the weights are for.
    enum Network {
        /// A descriptor of whole photos.
        case descriptor(DescriptorNetworkConfiguration)
        /// Both halves of DELG.
        case delg(DELGConfiguration)
        /// SuperPoint.
        case superPoint
        /// ALIKED, of 16 samples.
        case aliked
        /// SuperGlue.
        case superGlue
        /// LightGlue for one of the two.
        case lightGlue(LightGlueConfiguration)
        /// LoFTR.
        case loftr

        fileprivate func build(_ source: ShapeParameters) throws {
            let parameters = Parameters(source)
            switch self {
            case .descriptor(let configuration):
                let side = try Architecture.named(configuration.architecture).trainingSize
                _ = try DescriptorNetwork(
                    parameters, configuration: configuration, imageSize: .init(width: side, height: side))
            case .delg(let configuration): _ = try DELG(parameters, configuration: configuration)
            case .superPoint: _ = try SuperPoint(parameters)
            case .aliked: _ = try ALIKED(parameters, configuration: .n16)
            case .superGlue: _ = try SuperGlue(parameters)
            case .lightGlue(let configuration): _ = try LightGlue(parameters, configuration: configuration)
            case .loftr: _ = try LoFTR(parameters)
            }
        }
    }

    /// Writes a `.safetensors` file. Equal seeds give equal bytes.
    static func write(_ network: Network, seed: UInt64, to path: String) throws {
        let source = ShapeParameters()
        try network.build(source)
        var random = RandomNumbers(seed: seed)
        try SafetensorsFile.write(
            source.specs.map { spec in
                (spec.name, NumericArray(random.values(of: spec), shape: spec.shape.dimensions))
            }, metadata: ["untrained": "random weights, seed \(seed)"], to: path)
    }

    /// Numbers as parameters start with. Normal ones are drawn evenly, with the same deviation: nothing here depends on their tails.
    private struct RandomNumbers {
        private var state: UInt64

        init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

        /// From -1 to 1: S. Vigna's SplitMix64.
        private mutating func next() -> Float {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Float(z >> 40) / Float(1 << 23) - 1
        }

        mutating func values(of spec: ParameterSpec) -> [Float] {
            let count = spec.shape.elementCount
            let shape = spec.shape.dimensions
            let window = shape.dropFirst(2).reduce(1, *)
            let (outputs, inputs) = (Float((shape.first ?? 1) * window), Float((shape.dropFirst().first ?? 1) * window))
            let bound: Float
            switch spec.initializer {
            case .constant(let value): return [Float](repeating: value, count: count)
            case .values(let values): return values
            case .normal(let deviation), .truncatedNormal(let deviation): bound = deviation * Float(3).squareRoot()
            case .uniform(let given): bound = given
            case .kaimingNormalFanOut: bound = (6 / outputs).squareRoot()
            case .kaimingUniform: bound = (1 / inputs).squareRoot()
            case .xavierUniform: bound = (6 / (inputs + outputs)).squareRoot()
            }
            return (0..<count).map { _ in bound * next() }
        }
    }
}
