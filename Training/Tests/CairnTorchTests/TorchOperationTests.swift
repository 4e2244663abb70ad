import CairnNN
import Testing

@testable import CairnTorch

extension TorchSuite {
    /// Every operation of the tensor protocol beside the slow twin, which computes from definitions in double precision.
    @Suite struct TorchOperationTests {
        /// Numbers in [-1, 1] of 12 bits, so that 32-bit floats hold them, which differ from input to input.
        static func values(_ shape: Shape, input: Int) -> [Double] {
            var state = UInt64(input) &* 0x9E37_79B9 &+ 12345
            return (0..<shape.elementCount).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return ((Double(state >> 40) / Double(1 << 23) - 1) * 4_096).rounded() / 4_096
            }
        }

        static func values(of operation: TensorOperation) -> [[Double]] {
            operation.inputs.enumerated().map { values($1, input: $0) }
        }

        @Test("An operation computes what its definition says", arguments: TensorOperation.allCases)
        func matchesDefinition(operation: TensorOperation) throws {
            let values = Self.values(of: operation)
            let expected = try operation(zip(operation.inputs, values).map { ReferenceTensor($0, $1) })
            let result = try operation(
                zip(operation.inputs, values).map { try TorchTensor($1.map(Float.init), shape: $0) })
            #expect(result.shape == expected.shape)
            #expect(result.elementType == .float32)
            for (a, b) in zip(try result.doubles(), expected.values) {
                #expect(abs(a - b) <= 2e-5 * max(1, abs(b)), "\(a) is not \(b)")
            }
        }

        /// Differences of the twin, not of LibTorch: a wrong formula cannot agree with its own wrong derivative.
        @Test("A gradient is the limit of the definition's differences", arguments: TensorOperation.allCases)
        func gradientsMatchDifferences(operation: TensorOperation) throws {
            let values = Self.values(of: operation)
            // Running statistics have none, in LibTorch as in PyTorch.
            let statistics: [Int] = operation == .batchNorm ? [3, 4] : operation == .plainBatchNorm ? [1, 2] : []
            let leaves = try operation.inputs.enumerated().map { input, shape in
                try TorchTensor(doubles: values[input], shape: shape).requiringGradient(!statistics.contains(input))
            }
            let result = try operation(leaves)
            let cotangent = Self.values(result.shape, input: 99)
            // All of a constant's gradients are zero, and LibTorch refuses a backward pass.
            if result.requiresGradient {
                try result.backward(
                    TorchTensor(doubles: cotangent, shape: result.shape).converted(to: result.elementType))
            }
            func weighted(_ changed: [[Double]]) throws -> Double {
                let output = try operation(zip(operation.inputs, changed).map { ReferenceTensor($0, $1) })
                return zip(output.values, cotangent).reduce(0) { $0 + $1.0 * $1.1 }
            }
            let step = 1e-6
            for (input, leaf) in leaves.enumerated() where !statistics.contains(input) {
                let gradient = try leaf.gradient?.doubles() ?? [Double](repeating: 0, count: values[input].count)
                let scale = max(gradient.map(abs).max() ?? 0, 1)
                // A dozen elements of each input.
                for place in stride(from: 0, to: gradient.count, by: max(gradient.count / 12, 1)) {
                    var (above, below) = (values, values)
                    above[input][place] += step
                    below[input][place] -= step
                    let difference = try (weighted(above) - weighted(below)) / (2 * step)
                    #expect(
                        abs(gradient[place] - difference) <= 1e-6 * scale,
                        "\(operation) input \(input)[\(place)]: \(gradient[place]) is not \(difference)")
                }
            }
        }

        @Test func `batch normalisation in training uses the batch's statistics and moves the running ones`() throws {
            let x = try TorchTensor(doubles: [1, 2, 3, 6, 10, 20], shape: [3, 2]).requiringGradient()
            func vector(_ values: [Double]) throws -> TorchTensor { try TorchTensor(doubles: values, shape: [2]) }
            let (mean, variance) = (try vector([0.5, 0.5]), try vector([1, 2]))
            let result = try x.batchNormalized(
                BatchStatistics(
                    weight: try vector([2, 1]), bias: try vector([0, 1]), runningMean: mean, runningVariance: variance,
                    epsilon: 0, momentum: 0.25, isTraining: true))
            // Columns (1, 3, 10) and (2, 6, 20): means 14/3 and 28/3, squares' sums 134/3 and 4 times that.
            let columns = [[1.0, 3, 10], [2.0, 6, 20]]
            for (column, values) in columns.enumerated() {
                let middle = values.reduce(0, +) / 3
                let squares = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
                for row in 0..<3 {
                    let normal = (values[row] - middle) / (squares / 3).squareRoot()
                    let expected = column == 0 ? 2 * normal : normal + 1
                    #expect(abs(try result.doubles()[2 * row + column] - expected) < 1e-12)
                }
                #expect(abs(try mean.doubles()[column] - (0.75 * 0.5 + 0.25 * middle)) < 1e-12)
                // The running variance is the unbiased one.
                #expect(abs(try variance.doubles()[column] - (0.75 * [1.0, 2][column] + 0.25 * squares / 2)) < 1e-6)
            }
            // What is normalised does not change with its sum: gradients of the sum vanish.
            try result.sum([0, 1]).backward()
            let gradient = try #require(try x.gradient)
            #expect(try gradient.doubles().allSatisfy { abs($0) < 1e-12 })
        }

        @Test func `dropout keeps the mean, depends on the seed alone, and does nothing outside training`() throws {
            let ones = try TorchTensor([Float](repeating: 1, count: 10_000), shape: [10_000])
            Torch.seed(7)
            let first = try ones.droppedOut(probability: 0.25, isTraining: true).floats()
            #expect(Set(first) == [0, 1 / 0.75])
            #expect(abs(first.reduce(0, +) / 10_000 - 1) < 0.03)
            #expect(try ones.droppedOut(probability: 0.25, isTraining: true).floats() != first)
            Torch.seed(7)
            #expect(try ones.droppedOut(probability: 0.25, isTraining: true).floats() == first)
            #expect(try ones.droppedOut(probability: 0.25, isTraining: false).floats() == (try ones.floats()))
        }

        @Test func `no gradient passes a detached value`() throws {
            let x = try TorchTensor([1, 2], shape: [2]).requiringGradient()
            try (x * x.detached()).sum([0]).backward()
            #expect(try x.gradient?.floats() == [1, 2])
            #expect(!x.detached().requiresGradient)
        }

        @Test func `a border beside a mean that does not count it may be uneven`() throws {
            let x = try TorchTensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
            let window = PoolingWindow(kernel: 2, stride: 1, padding: Insets(top: 0, left: 0, bottom: 1, right: 1))
            let result = try x.pooled(.average(countingPadding: false), window: window)
            #expect(try result.floats() == [2.5, 3, 3.5, 4])
        }

        /// What a layer would do wrong: each is refused by words, as on the backend of shapes.
        @Test("Shapes that do not fit are errors, not crashes", arguments: 0..<12)
        func refusals(number: Int) throws {
            let x = try TorchTensor([Float](repeating: 1, count: 24), shape: [1, 2, 3, 4])
            let row = try TorchTensor([1, 2, 3], shape: [3])
            let wrong: [() throws -> TorchTensor] = [
                { try x + row }, { try x.matrixProduct(with: row) }, { try row.matrixProduct(with: row) },
                { try x.convolved(weight: row, bias: nil, window: ConvolutionWindow()) },
                { try row.pooled(.maximum, window: PoolingWindow(kernel: 2, stride: 2)) },
                { try x.reshaped([5, 5]) }, { try x.permuted([0, 1, 1, 2]) }, { try x.sliced(axis: 3, 1..<9, step: 1) },
                { try x.concatenated(with: [row], axis: 0) }, { try x.softmax(axis: 4) },
                { try x.padded(Insets(9), .reflected) }, { try x.gathered(at: x.constant([3], shape: [1]), axis: 1) },
            ]
            let error = #expect(throws: NetworkError.self) { try wrong[number]() }
            #expect(error?.kind == .invalidArgument)
        }

        @Test func `an error names the layer in which it happened`() throws {
            let convolution = try Conv2d(
                Parameters(TorchParameters(seed: 1))["stem"]["conv"], from: 3, to: 4, kernel: 3)
            let error = #expect(throws: NetworkError.self) {
                try convolution(TorchTensor([Float](repeating: 0, count: 32), shape: [1, 2, 4, 4]))
            }
            #expect(error?.message.hasPrefix("stem.conv: ") == true)
        }
    }
}
