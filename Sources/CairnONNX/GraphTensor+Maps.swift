import CairnNN

extension GraphTensor: Tensor {
    /// See `Tensor`.
    public func reduced(_ reduction: Reduction, over axes: [Int], keepingAxes: Bool) throws -> GraphTensor {
        let result = try ShapeRules.reduced(shape, over: axes, keepingAxes: keepingAxes)
        let sorted = try axes.map(shape.normalized).sorted()
        let keeps = Onnx_AttributeProto.int("keepdims", keepingAxes ? 1 : 0)
        // Of the reductions only the sum takes its axes as an input in this opset.
        switch reduction {
        case .sum: return graph.node("ReduceSum", [name, graph.integers(sorted)], [keeps], shape: result)
        case .mean: return node("ReduceMean", [], [.ints("axes", sorted), keeps], shape: result)
        case .maximum: return node("ReduceMax", [], [.ints("axes", sorted), keeps], shape: result)
        case .minimum: return node("ReduceMin", [], [.ints("axes", sorted), keeps], shape: result)
        }
    }

    /// See `Tensor`.
    public func matrixProduct(with other: GraphTensor) throws -> GraphTensor {
        node("MatMul", [other], shape: try ShapeRules.matrixProduct(shape, other.shape))
    }

    /// See `Tensor`.
    public func convolved(weight: GraphTensor, bias: GraphTensor?, window: ConvolutionWindow) throws -> GraphTensor {
        let result = try ShapeRules.convolved(shape, weight: weight.shape, bias: bias?.shape, window)
        return node(
            "Conv", [weight] + (bias.map { [$0] } ?? []),
            [
                .ints("kernel_shape", [weight.shape[2], weight.shape[3]]),
                .ints("strides", [window.strideY, window.strideX]), .ints("pads", window.padding.onnx),
                .ints("dilations", [window.dilation, window.dilation]), .int("group", window.groups),
            ], shape: result)
    }

    /// See `Tensor`.
    public func pooled(_ pooling: WindowPooling, window: PoolingWindow) throws -> GraphTensor {
        let result = try ShapeRules.pooled(shape, window)
        var attributes: [Onnx_AttributeProto] = [
            .ints("kernel_shape", [window.kernel, window.kernel]), .ints("strides", [window.stride, window.stride]),
            .ints("pads", window.padding.onnx), .int("ceil_mode", window.roundsUp ? 1 : 0),
        ]
        switch pooling {
        case .maximum: return node("MaxPool", [], attributes, shape: result)
        case .average(let countingPadding):
            attributes.append(.int("count_include_pad", countingPadding ? 1 : 0))
            return node("AveragePool", [], attributes, shape: result)
        }
    }

    /// See `Tensor`. Throws `ONNXError` in training.
    public func batchNormalized(_ statistics: BatchStatistics<GraphTensor>) throws -> GraphTensor {
        guard !statistics.isTraining else { throw Self.trainingError("batch normalisation") }
        let size = statistics.runningMean.shape
        try ShapeRules.checkChannels(shape, size)
        let weight =
            try statistics.weight ?? graph.constant([Float](repeating: 1, count: size.elementCount), size)
        let bias = try statistics.bias ?? graph.constant([Float](repeating: 0, count: size.elementCount), size)
        return node(
            "BatchNormalization", [weight, bias, statistics.runningMean, statistics.runningVariance],
            [.float("epsilon", statistics.epsilon)])
    }

    /// See `Tensor`.
    public func layerNormalized(weight: GraphTensor, bias: GraphTensor, epsilon: Float) throws -> GraphTensor {
        try ShapeRules.checkLastAxis(shape, weight.shape)
        return node("LayerNormalization", [weight, bias], [.int("axis", -1), .float("epsilon", epsilon)])
    }

    /// See `Tensor`.
    public func resized(height: Int, width: Int, _ interpolation: Interpolation) throws -> GraphTensor {
        let result = try ShapeRules.resized(shape, height: height, width: width)
        func coordinates(_ alignCorners: Bool) -> Onnx_AttributeProto {
            .string("coordinate_transformation_mode", alignCorners ? "align_corners" : "half_pixel")
        }
        let attributes: [Onnx_AttributeProto] =
            switch interpolation {
            case .nearest:
                [
                    .string("mode", "nearest"), .string("nearest_mode", "floor"),
                    .string("coordinate_transformation_mode", "asymmetric"),
                ]
            case .bilinear(let alignCorners): [.string("mode", "linear"), coordinates(alignCorners)]
            case .bicubic(let alignCorners):
                [.string("mode", "cubic"), .float("cubic_coeff_a", -0.75), coordinates(alignCorners)]
            }
        return graph.node("Resize", [name, "", "", graph.integers(result.dimensions)], attributes, shape: result)
    }

    /// See `Tensor`.
    public func sampled(at grid: GraphTensor, alignCorners: Bool) throws -> GraphTensor {
        node(
            "GridSample", [grid],
            [
                .string("mode", "bilinear"), .string("padding_mode", "zeros"),
                .int("align_corners", alignCorners ? 1 : 0),
            ], shape: try ShapeRules.sampled(shape, grid: grid.shape))
    }
}

extension Insets {
    /// Begins of both axes, then ends.
    fileprivate var onnx: [Int] { [top, left, bottom, right] }
}
