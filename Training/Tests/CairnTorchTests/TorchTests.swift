import CairnNN
import Foundation
import Testing

@testable import CairnTorch

extension TorchSuite {
    @Suite struct TorchTests {
        @Test func `without gradients nothing is remembered, and afterwards it is again`() throws {
            let x = try TorchTensor([1], shape: [1]).requiringGradient()
            try Torch.withoutGradients {
                #expect(try !(x * 2).requiresGradient)
                let inner = try Torch.withoutGradients { try x * 2 }
                #expect(!inner.requiresGradient)
                #expect(try !(x * 2).requiresGradient)
            }
            #expect(try (x * 2).requiresGradient)
            struct Stop: Error {}
            #expect(throws: Stop.self) { try Torch.withoutGradients { () throws -> Void in throw Stop() } }
            #expect(try (x * 2).requiresGradient)
        }

        @Test func `autocast computes products in bfloat16, and gradients in the weights' type`() throws {
            let x = try TorchTensor([1, 2, 3, 4], shape: [2, 2])
            let weight = try TorchTensor([0.1, 0.2, 0.3, 0.4], shape: [2, 2]).requiringGradient()
            let product = try Torch.withAutocast(on: .cpu) {
                let product = try x.matrixProduct(with: weight)
                let full = try Torch.withAutocast(false, on: .cpu) { try x.matrixProduct(with: weight) }
                #expect(full.elementType == .float32)
                #expect(try x.matrixProduct(with: weight).elementType == .bfloat16)
                return product
            }
            #expect(product.elementType == .bfloat16)
            try product.converted(to: .float32).sum([0, 1]).backward()
            let gradient = try #require(try weight.gradient)
            #expect(gradient.elementType == .float32)
            #expect(try gradient.floats() == [4, 4, 6, 6])
            #expect(try x.matrixProduct(with: weight).elementType == .float32)
        }

        @Test func `a weight's cast is not kept beyond the body`() throws {
            let x = try TorchTensor([1], shape: [1, 1])
            let weight = try TorchTensor([2], shape: [1, 1]).requiringGradient()
            for value in [2, 3] as [Float] {
                try weight.copy(from: TorchTensor([value], shape: [1, 1]))
                let product = try Torch.withAutocast(on: .cpu) { try x.matrixProduct(with: weight) }
                #expect(try product.item() == Double(value))
            }
        }

        @Test func `the same seed gives the same numbers`() throws {
            func numbers() throws -> [Float] { try ATen("aten::rand")([4], TorchElementType.float32).floats() }
            Torch.seed(11)
            let first = try numbers()
            #expect(try numbers() != first)
            Torch.seed(11)
            #expect(try numbers() == first)
        }

        @Test func `threads are set, one at least`() {
            let before = Torch.threads
            defer { Torch.threads = before }
            Torch.threads = 2
            #expect(Torch.threads == 2)
            Torch.threads = -1
            #expect(Torch.threads == 1)
        }

        /// In a process of its own: the count is the process's, and other suites hold tensors meanwhile.
        @Test func `tensors are given back as soon as nobody holds them`() async {
            await #expect(processExitsWith: .success) {
                let before = Torch.liveTensors
                var x = try TorchTensor([Float](repeating: 0.5, count: 1024), shape: [1, 1, 32, 32])
                    .requiringGradient()
                #expect(Torch.liveTensors == before + 1)
                let kernel = try TorchTensor([0.5], shape: [1, 1, 1, 1])
                for _ in 0..<50 {
                    var y = x
                    for _ in 0..<10 {
                        y = try y.convolved(weight: kernel, bias: nil, window: ConvolutionWindow()).relu()
                    }
                    // Leaf, kernel, and the last value; what lies between is the graph's alone.
                    #expect(Torch.liveTensors == before + 3)
                    try y.sum([0, 1, 2, 3]).backward()
                    try x.setGradient(nil)
                }
                #expect(Torch.liveTensors == before + 2)
                x = kernel
                #expect(Torch.liveTensors == before + 1)
                // Errors on the way hold nothing either.
                for _ in 0..<20 { _ = try? x.reshaped([7]) }
                #expect(Torch.liveTensors == before + 1)
            }
        }

        @Test func `a step's memory does not grow from step to step`() async {
            await #expect(processExitsWith: .success) {
                let weight = try TorchTensor([Float](repeating: 0.001, count: 1 << 20), shape: [1024, 1024])
                    .requiringGradient()
                func step() throws {
                    try weight.matrixProduct(with: weight).relu().sum([0, 1]).backward()
                    try weight.setGradient(nil)
                }
                for _ in 0..<3 { try step() }
                let before = Self.residentPages
                for _ in 0..<20 { try step() }
                // A step holds 16 MB; 20 of them kept would be 320.
                #expect((Self.residentPages - before) * 4096 < 64 << 20)
            }
        }

        /// Pages of memory that this process holds.
        private static var residentPages: Int {
            guard let file = fopen("/proc/self/statm", "r") else { return 0 }
            defer { fclose(file) }
            var text = [CChar](repeating: 0, count: 256)
            guard fgets(&text, 256, file) != nil else { return 0 }
            let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(separator: " ")
            return words.count > 1 ? Int(words[1]) ?? 0 : 0
        }
    }

    @Suite struct CUDATests {
        @Test func `a machine without CUDA says so in a sentence that names the way out`() throws {
            do {
                let count = try CUDA.open()
                // A machine that has one: the path goes on.
                #expect(count > 0)
                let x = try TorchTensor([1, 2], shape: [2], device: .cuda(0))
                #expect(try (x * 2 + x.constant([1], shape: [])).floats() == [3, 5])
                try CUDA.synchronize(.cuda(0))
            } catch {
                #expect((error as? TorchError)?.kind == .unsupported)
                #expect("\(error)".contains("train with --device cpu"))
                #expect(throws: TorchError.self) { try TorchTensor([1], shape: [1], device: .cuda(0)) }
                #expect(throws: TorchError.self) { try CUDA.synchronize(.cuda(0)) }
            }
            #expect(try CUDA.peakMemory(.cpu) == nil)
        }
    }
}
