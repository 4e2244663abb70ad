import CairnNN

/// BN-Inception, 1,024 channels at 1/32 of the image's size.
///
/// BN-Inception: Ioffe, Szegedy 2015, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
/// figure 5. The backbone of most work on metric learning.
///
/// Parameter names: `bninception` of Cadene's pretrainedmodels, which come from Caffe (`inception_3a_1x1.weight`,
/// `inception_3a_1x1_bn.running_mean`, `last_linear.weight`). Those weights want images as blue, green, red in [0, 255], less
/// (104, 117, 128).
/// Deviations: convolutions have a bias besides the normalisation's, as the weights do; pools round sizes up, as Caffe does; the
/// classifier takes the mean of the whole map, not of its first 7 x 7, which is the same at 224 px. Images may have any size; the
/// original fails where a map that is halved has odd sides.
/// In training: batch statistics, momentum 0.1; nothing is dropped.
public struct BNInception<T: Tensor>: Backbone {
    /// Channels of the feature map.
    public let channels = 1024
    private let conv1: NamedConvolution
    private let conv2Reduce: NamedConvolution
    private let conv2: NamedConvolution
    private let blocks: [Block]
    private let classifier: PooledClassifier<T>?

    /// Takes its parameters by name.
    ///
    /// - Parameters:
    ///   - parameters: The root of the checkpoint's names.
    ///   - classes: Classes of the checkpoint's classifier; `nil` for none.
    public init(_ parameters: Parameters<T>, classes: Int? = nil) throws {
        conv1 = try NamedConvolution(parameters, "conv1_7x7_s2", from: 3, to: 64, kernel: 7, stride: 2)
        conv2Reduce = try NamedConvolution(parameters, "conv2_3x3_reduce", from: 64, to: 64, kernel: 1)
        conv2 = try NamedConvolution(parameters, "conv2_3x3", from: 64, to: 192, kernel: 3)
        var blocks: [Block] = []
        var inputs = 192
        for width in Self.widths {
            let block = try Block(parameters, width, from: inputs)
            inputs = block.outputs
            blocks.append(block)
        }
        self.blocks = blocks
        classifier = try classes.map { try PooledClassifier(parameters["last_linear"], from: 1024, to: $0) }
    }

    /// Whether the network was built with classes.
    public var hasClassifier: Bool { classifier != nil }

    /// See `Backbone`.
    public func features(_ image: T) throws -> T {
        let halving = PoolingWindow(kernel: 3, stride: 2, roundsUp: true)
        var x = try conv1(image).pooled(.maximum, window: halving)
        x = try conv2(conv2Reduce(x)).pooled(.maximum, window: halving)
        return try blocks.reduce(x) { try $1($0) }
    }

    /// See `Backbone`.
    public func logits(_ features: T) throws -> T {
        guard let classifier else { throw PooledClassifier<T>.missing }
        return try classifier(features)
    }

    /// Figure 5's table. A block without `direct` halves the map, and its pool has no projection.
    private static var widths: [BlockWidths] {
        [
            .init("3a", direct: 64, middle: (64, 64), double: (64, 96), projection: 32),
            .init("3b", direct: 64, middle: (64, 96), double: (64, 96), projection: 64),
            .init("3c", direct: nil, middle: (128, 160), double: (64, 96), projection: nil),
            .init("4a", direct: 224, middle: (64, 96), double: (96, 128), projection: 128),
            .init("4b", direct: 192, middle: (96, 128), double: (96, 128), projection: 128),
            .init("4c", direct: 160, middle: (128, 160), double: (128, 160), projection: 128),
            .init("4d", direct: 96, middle: (128, 192), double: (160, 192), projection: 128),
            .init("4e", direct: nil, middle: (128, 192), double: (192, 256), projection: nil),
            .init("5a", direct: 352, middle: (192, 320), double: (160, 224), projection: 128),
            .init("5b", direct: 352, middle: (192, 320), double: (192, 224), projection: 128, poolsMaximum: true),
        ]
    }

    /// Channels in a block: of the 1 x 1 branch, the 3 x 3 branch, the one of two 3 x 3 kernels, the pool's.
    private struct BlockWidths {
        let name: String
        let direct: Int?
        let middle: (reduced: Int, outputs: Int)
        let double: (reduced: Int, outputs: Int)
        let projection: Int?
        let poolsMaximum: Bool

        init(
            _ name: String, direct: Int?, middle: (Int, Int), double: (Int, Int), projection: Int?,
            poolsMaximum: Bool = false
        ) {
            self.name = name
            self.direct = direct
            self.middle = middle
            self.double = double
            self.projection = projection
            self.poolsMaximum = poolsMaximum
        }
    }

    /// A convolution, batch normalisation and ReLU. Names: `name.weight`, `name.bias`, `name_bn.…`.
    private struct NamedConvolution {
        private let convolution: Conv2d<T>
        private let normalization: BatchNorm2d<T>

        init(
            _ parameters: Parameters<T>, _ name: String, from inputs: Int, to outputs: Int, kernel: Int,
            stride: Int = 1
        ) throws {
            convolution = try Conv2d(
                parameters[name], from: inputs, to: outputs, kernel: kernel, stride: stride, padding: kernel / 2,
                initializer: .kaimingUniform)
            normalization = try BatchNorm2d(parameters[name + "_bn"], outputs)
        }

        func callAsFunction(_ x: T) throws -> T { try normalization(convolution(x)).relu() }
    }

    private struct Block {
        let outputs: Int
        private let direct: NamedConvolution?
        private let middle: [NamedConvolution]
        private let double: [NamedConvolution]
        private let projection: NamedConvolution?
        private let poolsMaximum: Bool

        init(_ parameters: Parameters<T>, _ width: BlockWidths, from inputs: Int) throws {
            let stride = width.direct == nil ? 2 : 1
            func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int, stride: Int = 1) throws
                -> NamedConvolution
            {
                try NamedConvolution(
                    parameters, "inception_\(width.name)_\(name)", from: inputs, to: outputs, kernel: kernel,
                    stride: stride)
            }
            direct = try width.direct.map { try convolution("1x1", inputs, $0, 1) }
            middle = [
                try convolution("3x3_reduce", inputs, width.middle.reduced, 1),
                try convolution("3x3", width.middle.reduced, width.middle.outputs, 3, stride: stride),
            ]
            double = [
                try convolution("double_3x3_reduce", inputs, width.double.reduced, 1),
                try convolution("double_3x3_1", width.double.reduced, width.double.outputs, 3),
                try convolution("double_3x3_2", width.double.outputs, width.double.outputs, 3, stride: stride),
            ]
            projection = try width.projection.map { try convolution("pool_proj", inputs, $0, 1) }
            poolsMaximum = width.poolsMaximum
            outputs =
                (width.direct ?? 0) + width.middle.outputs + width.double.outputs + (width.projection ?? inputs)
        }

        func callAsFunction(_ x: T) throws -> T {
            var branches = try direct.map { [try $0(x)] } ?? []
            branches.append(try middle.reduce(x) { try $1($0) })
            branches.append(try double.reduce(x) { try $1($0) })
            branches.append(try pooled(x))
            return try branches[0].concatenated(with: Array(branches.dropFirst()), axis: 1)
        }

        private func pooled(_ x: T) throws -> T {
            guard let projection else {
                // A border below and on the right, so that odd maps become as large as those of the convolutions beside.
                let border = Insets(bottom: 1, right: 1)
                return try x.pooled(
                    .maximum, window: PoolingWindow(kernel: 3, stride: 2, padding: border, roundsUp: true))
            }
            let window = PoolingWindow(kernel: 3, stride: 1, padding: Insets(1), roundsUp: true)
            return try projection(x.pooled(poolsMaximum ? .maximum : .average(countingPadding: true), window: window))
        }
    }
}
