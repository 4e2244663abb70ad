import CFeatures2D
import Foundation
import Testing

/// Kernels beside plain loops over the same definitions.
@Suite("Scale space kernels")
struct ScaleSpaceKernelTests {
    private let lanes = Int(CAIRN_LANES)

    private struct Plane {
        let width: Int
        let height: Int
        let stride: Int
        var samples: [Float]

        init(width: Int, height: Int, seed: UInt64 = 3) {
            self.width = width
            self.height = height
            stride = (width + 15) / 16 * 16
            samples = [Float](repeating: 0, count: stride * height + 64)
            var state = seed
            for y in 0..<height {
                for x in 0..<width {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    samples[y * stride + x] = Float(state >> 40) / Float(1 << 16)
                }
            }
        }

        func mirrored(_ x: Int, _ y: Int) -> Float {
            func fold(_ i: Int, _ n: Int) -> Int {
                var i = i
                while n > 1 && (i < 0 || i >= n) { i = i < 0 ? -i : 2 * (n - 1) - i }
                return n == 1 ? 0 : i
            }
            return samples[fold(y, height) * stride + fold(x, width)]
        }
    }

    @Test("blur equals the plain double loop", arguments: [(1, 1), (5, 3), (16, 16), (33, 40), (130, 21)])
    func blur(width: Int, height: Int) {
        let plane = Plane(width: width, height: height)
        let kernel: [Float] = [0.3, 0.2, 0.1, 0.05]
        var blurred = plane.samples
        var scratch = [Float](repeating: 0, count: plane.stride + 2 * 64 + 4 * lanes)
        cairn_gaussian_blur(plane.samples, &blurred, width, height, plane.stride, kernel, 3, &scratch)
        for y in 0..<height {
            for x in 0..<width {
                var sum: Float = 0
                for i in -3...3 {
                    for j in -3...3 { sum += kernel[abs(i)] * kernel[abs(j)] * plane.mirrored(x + j, y + i) }
                }
                #expect(abs(blurred[y * plane.stride + x] - sum) < 1e-2)
            }
        }
    }

    @Test("doubling interpolates at quarter samples")
    func doubling() {
        let pixels: [UInt8] = [0, 100, 40, 200]
        var doubled = [Float](repeating: -1, count: 16 * 4)
        cairn_double_u8(pixels, 2, 2, &doubled, 16)
        // By hand: rows at 0, 1/4, 3/4 and 1 of the way between 0 100 and 40 200; columns alike.
        let expected: [[Float]] = [
            [0, 25, 75, 100], [10, 38.75, 96.25, 125], [30, 66.25, 138.75, 175], [40, 80, 160, 200],
        ]
        for y in 0..<4 { #expect(Array(doubled[(y * 16)..<(y * 16 + 4)]) == expected[y]) }
    }

    @Test(
        "extrema are those of the plain definition",
        arguments: [cairn_response.CAIRN_DIFFERENCE_OF_GAUSSIANS, .CAIRN_HESSIAN_DETERMINANT])
    func extrema(response: cairn_response) {
        let (layers, width, height) = (3, 61, 47)
        let levels = (0..<6).map { Plane(width: width, height: height, seed: UInt64($0 + 1)) }
        let stride = levels[0].stride
        let weights: [Float] = [1, 2, 3, 4, 5]
        func value(_ layer: Int, _ x: Int, _ y: Int) -> Float {
            func at(_ l: Int, _ dx: Int, _ dy: Int) -> Float { levels[l].samples[(y + dy) * stride + x + dx] }
            if response == .CAIRN_DIFFERENCE_OF_GAUSSIANS { return at(layer + 1, 0, 0) - at(layer, 0, 0) }
            let xx = at(layer, 1, 0) + at(layer, -1, 0) - 2 * at(layer, 0, 0)
            let yy = at(layer, 0, 1) + at(layer, 0, -1) - 2 * at(layer, 0, 0)
            let xy = (at(layer, 1, 1) - at(layer, -1, 1) - at(layer, 1, -1) + at(layer, -1, -1)) * 0.25
            return (xx * yy - xy * xy) * weights[layer]
        }
        var expected: Set<String> = []
        for layer in 1...layers {
            for y in 5..<(height - 5) {
                for x in 5..<(width - 5) {
                    let centre = value(layer, x, y)
                    var neighbours: [Float] = []
                    for l in -1...1 {
                        for i in -1...1 { for j in -1...1 { neighbours.append(value(layer + l, x + j, y + i)) } }
                    }
                    let isPeak = centre > 40 && centre >= neighbours.max() ?? 0
                    let isDip =
                        response == .CAIRN_DIFFERENCE_OF_GAUSSIANS && centre < -40 && centre <= neighbours.min() ?? 0
                    if isPeak || isDip { expected.insert("\(layer) \(x) \(y)") }
                }
            }
        }
        var found = [cairn_extremum](repeating: cairn_extremum(), count: 4_096)
        var scratch = [Float](repeating: 0, count: cairn_extrema_scratch_floats(layers, stride))
        let count = withPointers(levels.map(\.samples)) { pointers in
            cairn_scale_extrema(
                response, pointers, weights, layers, width, height, stride, 40, 5, &found, found.count, &scratch)
        }
        #expect(expected.count > 50)
        #expect(Set(found.prefix(count).map { "\($0.layer) \($0.x) \($0.y)" }) == expected)
    }

    private func withPointers<Result>(
        _ arrays: [[Float]], _ body: ([UnsafePointer<Float>?]) -> Result
    ) -> Result {
        let buffers = arrays.map { array in
            let buffer = UnsafeMutablePointer<Float>.allocate(capacity: array.count)
            buffer.initialize(from: array, count: array.count)
            return buffer
        }
        defer { for buffer in buffers { buffer.deallocate() } }
        return body(buffers.map { UnsafePointer($0) })
    }
}
