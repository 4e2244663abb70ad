import CairnFeatures
import CairnModels
import CairnNN

/// Keypoint networks of Cairn's own, by the names of their checkpoints.
enum LocalArchitecture: String, CaseIterable {
    case superPoint = "superpoint"
    case alikedN16 = "aliked-n16"
    case alikedN16Rotated = "aliked-n16rot"
    case alikedN32 = "aliked-n32"
    case alikedT16 = "aliked-t16"
    case delgResNet50 = "delg-resnet50"
    case delgResNet101 = "delg-resnet101"

    /// What it is made of.
    enum Family {
        case superPoint
        case aliked(ALIKEDConfiguration)
        case delg(DELGConfiguration)
    }

    /// What it is made of.
    var family: Family {
        switch self {
        case .superPoint: .superPoint
        case .alikedN16, .alikedN16Rotated: .aliked(.n16)
        case .alikedN32: .aliked(.n32)
        case .alikedT16: .aliked(.t16)
        case .delgResNet50: .delg(.resNet50)
        case .delgResNet101: .delg(.resNet101)
        }
    }

    /// The family that a name stands for: one of the list, or `delg-` and a ResNet's name; `nil` for any other name.
    static func family(named name: String) -> Family? {
        if let known = LocalArchitecture(rawValue: name) { return known.family }
        guard name.hasPrefix("delg-"), let backbone = try? Architecture.named(String(name.dropFirst(5))),
            case .resNet = backbone.definition
        else { return nil }
        return .delg(DELGConfiguration(architecture: backbone.name))
    }

    /// Paper and authors.
    var source: String {
        switch family {
        case .superPoint: "DeTone et al. 2018, SuperPoint: Self-Supervised Interest Point Detection and Description"
        case .aliked: "Zhao et al. 2023, ALIKED: A Lighter Keypoint and Descriptor Extraction Network"
        case .delg: "Cao et al. 2020, DELG: Unifying Deep Local and Global Features for Image Search"
        }
    }
}

extension LocalArchitecture.Family {
    /// DELG's sizes, where it is one: its checkpoints hold a global model too.
    var delg: DELGConfiguration? {
        if case .delg(let configuration) = self { configuration } else { nil }
    }

    /// What the network asks a checkpoint for.
    func specs() throws -> [ParameterSpec] {
        let source = ShapeParameters()
        switch self {
        case .superPoint: _ = try SuperPoint(Parameters(source))
        case .aliked(let configuration): _ = try ALIKED(Parameters(source), configuration: configuration)
        case .delg(let configuration): _ = try DELG(Parameters(source), configuration: configuration)
        }
        return source.specs
    }

    /// How its keypoints are chosen. Throws `FeatureError` where what was asked for makes no sense.
    func keypoints(_ addition: ModelAddition) throws -> KeypointConfiguration {
        var configuration: KeypointConfiguration =
            switch self {
            case .superPoint: .superPoint
            case .aliked: .aliked
            case .delg: .delg
            }
        configuration.longSide = addition.longSide ?? ModelAddition.longSide
        if let maximum = addition.maximumKeypoints { configuration.maximumKeypoints = maximum }
        try configuration.validate()
        return configuration
    }

    /// Parameters, and multiply-adds for an image of the long side at 4:3 with as many keypoints as there may be.
    func operationCount(_ keypoints: KeypointConfiguration) throws -> OperationCount {
        func padded(_ side: Int) -> Int { (side + 31) / 32 * 32 }
        let (width, height) = (keypoints.longSide, keypoints.longSide * 3 / 4)
        switch self {
        case .superPoint:
            return try OperationCount.of(inputs: [[1, 1, padded(height), padded(width)]]) { parameters in
                let network = try SuperPoint(parameters)
                return { _ = try network($0[0]) }
            }
        case .aliked(let configuration):
            let (count, size) = (keypoints.maximumKeypoints, configuration.descriptorSize)
            return try OperationCount.of(inputs: [
                [1, 3, padded(height), padded(width)], [count, size, 3, 3],
                [count, configuration.samplesPerKeypoint, size],
            ]) { parameters in
                let network = try ALIKED(parameters, configuration: configuration)
                let head = try ALIKEDDescriptorHead(parameters["desc_head"], configuration: configuration)
                return {
                    _ = try network($0[0])
                    _ = try head.offsets(patches: $0[1])
                    _ = try head.descriptors(samples: $0[2])
                }
            }
        case .delg(let configuration):
            let sizes = keypoints.pyramid.filter { $0 <= 1 }.map { factor in
                func side(_ pixels: Int) -> Int { max(1, Int((Float(pixels) * factor).rounded())) }
                return Shape([1, 3, side(height), side(width)])
            }
            return try OperationCount.of(inputs: sizes) { parameters in
                let network = try DELG(parameters, configuration: configuration)
                return { for image in $0 { _ = try network(image) } }
            }
        }
    }
}
