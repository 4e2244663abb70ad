import CairnModels
import CairnNN
import Testing

@Suite("SuperPoint")
struct SuperPointTests {
    @Test("asks for the names and shapes of the authors' checkpoint")
    func names() throws {
        let source = ShapeParameters()
        _ = try SuperPoint(Parameters(source))
        let specs = Dictionary(uniqueKeysWithValues: source.specs.map { ($0.name, $0.shape) })
        #expect(specs.count == 24)
        #expect(specs["conv1a.weight"] == [64, 1, 3, 3])
        #expect(specs["conv4b.weight"] == [128, 128, 3, 3])
        #expect(specs["convPa.bias"] == [256])
        #expect(specs["convPb.weight"] == [65, 256, 1, 1])
        #expect(specs["convDb.weight"] == [256, 256, 1, 1])
        #expect(
            try source.specs.reduce(0) { $0 + $1.shape.elementCount } == ModelGolden.named("superpoint").parameterCount)
    }

    @Test("gives a score for each pixel and a descriptor for each cell")
    func shapes() throws {
        let maps = try SuperPoint(Parameters(ShapeParameters()))(ShapeTensor([2, 1, 40, 64]))
        #expect(maps.heatmap.shape == [2, 1, 40, 64])
        #expect(maps.descriptors.shape == [2, 256, 5, 8])
    }

    @Test("refuses images that do not divide into cells, and colour")
    func wrongSize() throws {
        let network = try SuperPoint(Parameters(ShapeParameters()))
        #expect(throws: NetworkError.self) { try network(ShapeTensor([1, 1, 41, 64])) }
        #expect(throws: NetworkError.self) { try network(ShapeTensor([1, 3, 40, 64])) }
    }

    @Test("gives transformers' numbers with seeded weights")
    func parity() throws {
        let golden = try ModelGolden.named("superpoint")
        let shape = Shape(golden.inputShape)
        let image = SeededParameters.image(shape).map { $0 / 4 + 0.5 }
        let outputs = try ParityRunner.outputs(of: image, shape: shape) { parameters, image in
            let maps = try SuperPoint(parameters)(image)
            return [("heatmap", maps.heatmap), ("descriptors", maps.descriptors)]
        }
        let errors = ParityRunner.errors(golden, outputs)
        #expect(errors.count == 2)
        #expect(errors.values.allSatisfy { $0 < 1e-4 }, "\(errors)")
    }
}
