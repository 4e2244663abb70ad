import CairnNN

/// Where the zeros around a map go when a kernel moves over it.
public enum ConvolutionPadding: String, Codable, Sendable, Hashable {
    /// The same on all sides, as networks that were trained in PyTorch have it.
    case symmetric
    /// As few as give `ceil(size / stride)` outputs, the odd one below and on the right: TensorFlow's `SAME`.
    ///
    /// With a stride of 2 they depend on whether the map's sides are even. A graph holds those of the size it was built with: built
    /// for sides that 32 divides, it is right for all such sides.
    case same

    /// The zeros around a map for a square kernel.
    func insets(around map: Shape, kernel: Int, stride: Int) -> Insets {
        switch self {
        case .symmetric:
            return Insets((stride - 1 + kernel - 1) / 2)
        case .same:
            func total(_ size: Int) -> Int {
                max(((size + stride - 1) / stride - 1) * stride + kernel - size, 0)
            }
            let (vertical, horizontal) = (total(map[-2]), total(map[-1]))
            return Insets(
                top: vertical / 2, left: horizontal / 2, bottom: vertical - vertical / 2,
                right: horizontal - horizontal / 2)
        }
    }
}
