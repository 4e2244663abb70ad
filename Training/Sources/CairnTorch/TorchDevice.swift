import CTorch

/// Where tensors are and operators run.
public enum TorchDevice: Hashable, Sendable, CustomStringConvertible {
    /// The processor.
    case cpu
    /// A CUDA device by its number; `CUDA.open` comes first.
    case cuda(Int)

    /// `cpu`, `cuda:0`.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        }
    }

    var number: cairn_torch_device {
        switch self {
        case .cpu: -1
        case .cuda(let index): cairn_torch_device(index)
        }
    }

    init(number: cairn_torch_device) { self = number < 0 ? .cpu : .cuda(Int(number)) }
}
