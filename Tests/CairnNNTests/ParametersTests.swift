import CairnNN
import Testing

@Suite struct ParametersTests {
    @Test("Layers ask for torch's names and shapes")
    func names() throws {
        let source = ShapeParameters()
        let root = Parameters(source)
        _ = try Conv2d(root["layer1"][0]["conv1"], from: 64, to: 32, kernel: 3, groups: 2)
        _ = try BatchNorm2d(root["bn"], 32)
        _ = try Linear(root["fc"], from: 32, to: 10, bias: false)
        _ = try LayerNorm(root["norm"], 10)
        #expect(
            source.specs.map { "\($0.name) \($0.shape) \($0.role)" } == [
                "layer1.0.conv1.weight [32, 32, 3, 3] weight", "layer1.0.conv1.bias [32] bias",
                "bn.weight [32] normalization", "bn.bias [32] normalization", "bn.running_mean [32] buffer",
                "bn.running_var [32] buffer", "fc.weight [10, 32] weight", "norm.weight [10] normalization",
                "norm.bias [10] normalization",
            ])
    }

    @Test("A layer that does not fit says its name, what it takes and what it was given")
    func located() throws {
        let root = Parameters(ShapeParameters())
        let convolution = try Conv2d(root["layer2"]["0"]["conv1"], from: 64, to: 8, kernel: 1, bias: false)
        let error = #expect(throws: NetworkError.self) { try convolution(ShapeTensor([1, 32, 9, 9])) }
        #expect(
            error?.message
                == "layer2.0.conv1: a kernel of [8, 64, 1, 1] in 1 groups does not fit a map of [1, 32, 9, 9]")
        let linear = try Linear(root["fc"], from: 64, to: 8)
        #expect(throws: NetworkError.self) { try linear(ShapeTensor([1, 32])) }
        #expect(try linear(ShapeTensor([5, 3, 64])).shape == [5, 3, 8])
        let norm = try BatchNorm2d(root["bn"], 8)
        #expect(throws: NetworkError.self) { try norm(ShapeTensor([1, 7, 2, 2])) }
    }

    @Test("Rolling moves slices to higher numbers, cyclically")
    func rolling() throws {
        #expect(try ShapeTensor([2, 5]).rolled(by: -2, axis: 1).shape == [2, 5])
        #expect(try ShapeTensor([2, 6]).split(into: 3, axis: -1).map(\.shape) == [[2, 2], [2, 2], [2, 2]])
        #expect(throws: NetworkError.self) { try ShapeTensor([2, 5]).split(into: 2, axis: 1) }
        #expect(try ShapeTensor([2, 5, 3]).flattened().shape == [2, 15])
        #expect(try ShapeTensor([2, 5]).expanded(at: -1).shape == [2, 5, 1])
        #expect(try ShapeTensor([2, 5]).logSumExp(axis: 1).shape == [2])
    }
}
