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

    /// What it is made of.
    enum Family {
        case superPoint
        case aliked(ALIKEDConfiguration)
    }

    /// What it is made of.
    var family: Family {
        switch self {
        case .superPoint: .superPoint
        case .alikedN16, .alikedN16Rotated: .aliked(.n16)
        case .alikedN32: .aliked(.n32)
        case .alikedT16: .aliked(.t16)
        }
    }

    /// Paper and authors.
    var source: String {
        switch family {
        case .superPoint: "DeTone et al. 2018, SuperPoint: Self-Supervised Interest Point Detection and Description"
        case .aliked: "Zhao et al. 2023, ALIKED: A Lighter Keypoint and Descriptor Extraction Network"
        }
    }

    /// What the network asks a checkpoint for.
    func specs() throws -> [ParameterSpec] {
        let source = ShapeParameters()
        switch family {
        case .superPoint: _ = try SuperPoint(Parameters(source))
        case .aliked(let configuration): _ = try ALIKED(Parameters(source), configuration: configuration)
        }
        return source.specs
    }

    /// How its keypoints are chosen.
    func keypoints(maximum: Int?) -> KeypointConfiguration {
        var configuration: KeypointConfiguration =
            switch family {
            case .superPoint: .superPoint
            case .aliked: .aliked
            }
        if let maximum { configuration.maximumKeypoints = maximum }
        return configuration
    }
}
