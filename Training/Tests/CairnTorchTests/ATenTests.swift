import CairnNN
import Testing

@testable import CairnTorch

extension TorchSuite {
    @Suite struct ATenTests {
        let x: TorchTensor
        init() throws { x = try TorchTensor([1, -2, 3, -4, 5, -6], shape: [2, 3]) }

        @Test func `arguments that are left out have their defaults`() throws {
            // sum.dim_IntList(self, dim, keepdim=False, dtype=None); add.Tensor(self, other, alpha=1).
            #expect(try ATen("aten::sum", "dim_IntList")(x, [1]).floats() == [2, -5])
            #expect(try ATen("aten::sum", "dim_IntList")(x, [1], true).shape == [2, 1])
            #expect(
                try ATen("aten::sum", "dim_IntList")(x, [1], false, TorchElementType.float64).elementType == .float64)
            #expect(try ATen("aten::add", "Tensor")(x, x).floats() == [2, -4, 6, -8, 10, -12])
            #expect(try ATen("aten::add", "Tensor")(x, x, -1).floats() == [Float](repeating: 0, count: 6))
        }

        @Test func `a number stands for a tensor and keeps the other's type`() throws {
            #expect(try ATen("aten::mul", "Tensor")(x, 0.5).floats() == [0.5, -1, 1.5, -2, 2.5, -3])
            let half = try x.converted(to: .bfloat16)
            #expect(try ATen("aten::mul", "Tensor")(half, 0.5).elementType == .bfloat16)
            #expect(try ATen("aten::add", "Tensor")(TorchTensor([1, 2]), 3).integers() == [4, 5])
        }

        @Test func `one whole number stands for a list of fixed length`() throws {
            let map = try x.reshaped([1, 1, 2, 3])
            #expect(try ATen("aten::avg_pool2d")(map, 2).floats() == [0])
            #expect(try ATen("aten::avg_pool2d")(map, [1, 3], [1, 1]).shape == [1, 1, 2, 1])
        }

        @Test func `lists of truth values, words, missing tensors and several results pass`() throws {
            let map = try x.reshaped([1, 1, 2, 3])
            let kernel = try TorchTensor([2], shape: [1, 1, 1, 1])
            let gradients = try ATen("aten::convolution_backward").results([
                map, map, kernel, TorchValue.none, [1, 1], [0, 0], [1, 1], false, [0, 0], 1, [true, true, false],
            ])
            #expect(gradients.count == 3)
            #expect(try gradients[0]?.floats() == [2, -4, 6, -8, 10, -12])
            #expect(try gradients[1]?.floats() == [91])
            #expect(gradients[2] == nil)
            let (values, places) = try ATen("aten::topk").two(x, 2)
            #expect(try values.floats() == [3, 1, 5, -4])
            #expect(try places.integers() == [2, 0, 1, 0])
            #expect(try ATen("aten::div", "Tensor_mode")(x, 2.0, "floor").floats() == [0, -1, 1, -2, 2, -3])
            let parts = try ATen("aten::unbind", "int").list(upTo: 3, x, 1)
            #expect(try parts.map { try $0.floats() } == [[1, -4], [-2, 5], [3, -6]])
            let indexed = try ATen("aten::index", "Tensor")(x, [nil, try TorchTensor([2, 0])] as [TorchTensor?])
            #expect(try indexed.floats() == [3, 1, -6, -4])
        }

        @Test func `lists without elements pass whatever they are lists of`() throws {
            #expect(try ATen("aten::sum", "dim_IntList")(x, [Int](), true).shape == [1, 1])
            #expect(throws: TorchError.self) { try ATen("aten::cat")([TorchTensor](), 0) }
        }

        @Test func `a list of more tensors than asked for is an error`() {
            #expect(throws: TorchError.self) { try ATen("aten::unbind", "int").list(upTo: 2, x, 1) }
        }

        @Test("What an operator does not take is an error with its name, not a crash", arguments: 0..<13)
        func hostile(number: Int) throws {
            let calls: [(String, String, [any TorchArgument])] = [
                ("aten::nothing", "", [x]), ("aten::relu", "Tensor", [x]), ("nonsense", "", []),
                ("aten::relu", "", []), ("aten::relu", "", [x, x]), ("aten::relu", "", [TorchValue.none]),
                ("aten::relu", "", ["text"]), ("aten::relu", "", [[x]]), ("aten::reshape", "", [x, 0.5]),
                ("aten::reshape", "", [x, [0.5]]), ("aten::sum", "dim_IntList", [x, [1], 1]),
                ("aten::cat", "", [[x, nil] as [TorchTensor?], 0]), ("aten::dropout", "", [x, x, true]),
            ]
            let (name, overload, arguments) = calls[number]
            let error = #expect(throws: TorchError.self) { try ATen(name, overload).results(arguments) }
            #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
        }

        @Test func `an allocation that no machine can make is an error of resources`() throws {
            let error = #expect(throws: TorchError.self) {
                try ATen("aten::empty", "memory_format")([1 << 40, 64], TorchElementType.float32)
            }
            #expect(error?.kind == .resourceExhausted, "\(error?.message ?? "")")
        }
    }
}
