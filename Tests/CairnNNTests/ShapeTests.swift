import CairnNN
import Testing

@Suite struct ShapeTests {
    @Test("Negative axes count from the end")
    func negativeAxes() throws {
        let shape: Shape = [2, 3, 5]
        #expect(shape[-1] == 5 && shape[0] == 2)
        #expect(try shape.normalized(-3) == 0)
        #expect(throws: NetworkError.self) { try shape.normalized(3) }
        #expect(throws: NetworkError.self) { try shape.normalized(-4) }
    }

    @Test(
        "Shapes broadcast as in NumPy",
        arguments: [
            ([2, 3], [3], [2, 3]), ([2, 1, 4], [3, 1], [2, 3, 4]), ([], [2], [2]), ([1], [1], [1]), ([], [], []),
            ([0, 3], [1, 3], [0, 3]),
        ] as [([Int], [Int], [Int])])
    func broadcasting(a: [Int], b: [Int], expected: [Int]) throws {
        #expect(try Shape(a).broadcast(with: Shape(b)) == Shape(expected))
        #expect(try Shape(b).broadcast(with: Shape(a)) == Shape(expected))
    }

    @Test("Shapes that do not broadcast are named in the error")
    func noBroadcast() {
        let error = #expect(throws: NetworkError.self) { try Shape([2, 3]).broadcast(with: [2, 4]) }
        #expect(error?.message == "shapes [2, 3] and [2, 4] do not broadcast")
    }

    @Test("An empty shape is a scalar")
    func scalar() {
        #expect(Shape([]).elementCount == 1)
        #expect(Shape([4, 0]).elementCount == 0)
        #expect(Shape([64, 3, 7, 7]).description == "[64, 3, 7, 7]")
    }
}
