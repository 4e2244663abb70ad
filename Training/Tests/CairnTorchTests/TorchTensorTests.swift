import CairnFormats
import CairnNN
import Testing

@testable import CairnTorch

extension TorchSuite {
    @Suite struct TorchTensorTests {
        @Test(
            "Elements of every type pass in and out, through arrays of files too", arguments: TorchElementType.allCases)
        func types(type: TorchElementType) throws {
            let numbers: [Double] = type == .bool ? [1, 0, 1, 1, 0, 1] : [0, 1, 2, 3, 100, 127]
            let tensor = try TorchTensor(doubles: numbers, shape: [3, 2]).converted(to: type)
            #expect(tensor.elementType == type)
            #expect(try tensor.doubles() == numbers)
            #expect(try tensor.integers() == numbers.map { Int($0) })
            let array = try tensor.permuted([1, 0]).array()
            #expect(array.shape == [2, 3])
            #expect(array.doubles() == [0, 2, 4, 1, 3, 5].map { numbers[$0] })
            let back = try TorchTensor(array)
            #expect(back.elementType == type)
            #expect(back.shape == [2, 3])
            #expect(try back.doubles() == array.doubles())
        }

        @Test func `scalars, empty tensors and many axes have their shapes`() throws {
            #expect(try TorchTensor([3.5], shape: []).item() == 3.5)
            let empty = try TorchTensor([Float](), shape: [0, 4])
            #expect(try empty.floats() == [])
            #expect(empty.shape == [0, 4])
            #expect(try TorchTensor([1, 2], shape: [1, 1, 1, 1, 1, 1, 1, 1, 2]).shape.rank == 9)
        }

        @Test func `values that do not fill a shape, and several for one, are errors`() throws {
            #expect(throws: TorchError.self) { try TorchTensor([1, 2, 3] as [Float], shape: [2]) }
            #expect(throws: TorchError.self) { try TorchTensor([1, 2] as [Float], shape: [2]).item() }
        }

        @Test func `channels innermost are another order of memory, not of elements`() throws {
            let values = (0..<24).map(Float.init)
            let map = try TorchTensor(values, shape: [1, 2, 3, 4])
            let last = try map.converted(channelsLast: true)
            #expect(last.shape == map.shape)
            #expect(try last.floats() == values)
            #expect(try ATen("aten::relu")(last).floats() == values)
            #expect(throws: TorchError.self) { try TorchTensor(values, shape: [24]).converted(channelsLast: true) }
        }

        @Test func `gradients add up until they are forgotten, and pass conversions`() throws {
            let x = try TorchTensor([1, 2], shape: [2]).requiringGradient()
            #expect(try x.gradient == nil)
            try (x * 3).sum([0]).backward()
            try x.converted(to: .float64).sum([0]).backward()
            #expect(try x.gradient?.floats() == [4, 4])
            try x.setGradient(nil)
            #expect(try x.gradient == nil)
            try (x * x).backward(TorchTensor([1, 10], shape: [2]))
            #expect(try x.gradient?.floats() == [2, 40])
            // Several elements need weights; what needs no gradient has none.
            #expect(throws: TorchError.self) { try (x * 2).backward() }
            #expect(throws: TorchError.self) { try TorchTensor([1], shape: []).backward() }
            #expect(throws: TorchError.self) { try TorchTensor([1, 2] as [Int]).requiringGradient() }
        }

        @Test func `copied values change a tensor in place, and no gradient knows`() throws {
            let x = try TorchTensor([1, 2], shape: [2]).requiringGradient()
            try x.copy(from: TorchTensor(doubles: [3, 4], shape: [2]))
            #expect(try x.floats() == [3, 4])
            #expect(x.requiresGradient)
            try (x * x).sum([0]).backward()
            #expect(try x.gradient?.floats() == [6, 8])
            #expect(throws: TorchError.self) { try x.copy(from: TorchTensor([1, 2, 3], shape: [3])) }
        }
    }
}
