import CairnNN
import Testing

@Suite struct ShapeRulesTests {
    @Test(
        "Convolutions have torch's sizes",
        arguments: [
            // Input side, kernel, stride, padding, dilation, and what torch gives.
            (224, 7, 2, 3, 1, 112), (56, 3, 1, 1, 1, 56), (56, 1, 2, 0, 1, 28), (17, 3, 2, 0, 1, 8),
            (20, 3, 1, 2, 2, 20), (7, 7, 1, 0, 1, 1),
        ])
    func convolution(side: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, expected: Int) throws {
        let window = ConvolutionWindow(stride: stride, padding: Insets(padding), dilation: dilation)
        let result = try ShapeRules.convolved(
            [2, 4, side, side + stride], weight: [6, 4, kernel, kernel], bias: [6], window)
        #expect(result == [2, 6, expected, expected + 1])
    }

    @Test(
        "Pooling has torch's sizes, also where the last window hangs over the edge",
        arguments: [
            (112, 3, 2, 1, false, 56), (112, 3, 2, 0, true, 56), (111, 3, 2, 0, true, 55), (5, 2, 2, 1, true, 3),
            (6, 2, 2, 1, true, 4), (4, 1, 2, 0, true, 2),
        ])
    func pooling(side: Int, kernel: Int, stride: Int, padding: Int, roundsUp: Bool, expected: Int) throws {
        let window = PoolingWindow(kernel: kernel, stride: stride, padding: Insets(padding), roundsUp: roundsUp)
        #expect(try ShapeRules.pooled([1, 2, side, side], window) == [1, 2, expected, expected])
    }

    @Test("Grouped kernels need as many channels as their groups say")
    func groups() throws {
        let window = ConvolutionWindow(groups: 4)
        #expect(try ShapeRules.convolved([1, 8, 3, 3], weight: [12, 2, 1, 1], bias: nil, window) == [1, 12, 3, 3])
        let error = #expect(throws: NetworkError.self) {
            try ShapeRules.convolved([1, 8, 3, 3], weight: [12, 8, 1, 1], bias: nil, window)
        }
        #expect(error?.message == "a kernel of [12, 8, 1, 1] in 4 groups does not fit a map of [1, 8, 3, 3]")
    }

    @Test("A kernel larger than the map is an error")
    func tooSmall() {
        #expect(throws: NetworkError.self) {
            try ShapeRules.convolved([1, 1, 2, 9], weight: [1, 1, 3, 3], bias: nil, ConvolutionWindow())
        }
        #expect(throws: NetworkError.self) { try ShapeRules.pooled([1, 1, 2, 9], PoolingWindow(kernel: 3, stride: 1)) }
    }

    @Test("Products of matrices broadcast their leading axes")
    func products() throws {
        #expect(try ShapeRules.matrixProduct([8, 1, 4, 5], [3, 5, 6]) == [8, 3, 4, 6])
        #expect(throws: NetworkError.self) { try ShapeRules.matrixProduct([4, 5], [4, 5]) }
    }

    @Test("Concatenation adds one axis and wants the others equal")
    func concatenation() throws {
        #expect(try ShapeRules.concatenated([[1, 2, 5], [1, 3, 5]], axis: 1) == [1, 5, 5])
        #expect(try ShapeRules.concatenated([[1, 2, 5], [1, 2, 1]], axis: -1) == [1, 2, 6])
        #expect(throws: NetworkError.self) { try ShapeRules.concatenated([[1, 2, 5], [1, 3, 4]], axis: 1) }
        #expect(throws: NetworkError.self) { try ShapeRules.concatenated([[1, 2], [1, 2, 1]], axis: 0) }
        #expect(throws: NetworkError.self) { try ShapeRules.concatenated([], axis: 0) }
    }

    @Test("Slices, orders, borders and reshapes outside the tensor are errors")
    func outside() {
        #expect(throws: NetworkError.self) { try ShapeRules.sliced([4], axis: 0, 2..<5, step: 1) }
        #expect(throws: NetworkError.self) { try ShapeRules.permuted([2, 3], [0, 0]) }
        #expect(throws: NetworkError.self) { try ShapeRules.padded([2, 3], Insets(2), .reflected) }
        #expect(throws: NetworkError.self) { try ShapeRules.checkReshape([2, 3], to: [7]) }
        #expect(throws: NetworkError.self) { try ShapeRules.checkBroadcast([2, 3], to: [3]) }
    }

    @Test("Steps take every n-th slice, the first one included")
    func steps() throws {
        #expect(try ShapeRules.sliced([2, 7], axis: 1, 0..<7, step: 2) == [2, 4])
        #expect(try ShapeRules.sliced([2, 7], axis: -1, 1..<7, step: 2) == [2, 3])
        #expect(try ShapeRules.gathered([5, 7], indices: [3, 2], axis: 1) == [5, 3, 2])
    }
}
