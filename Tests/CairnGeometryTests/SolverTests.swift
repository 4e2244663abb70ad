import CairnCore
import Foundation
import Testing

@testable import CairnGeometry

/// The largest difference between the elements of two matrices.
func difference(_ a: Matrix3, _ b: Matrix3) -> Double {
    zip(a.rowMajor, b.rowMajor).map { ($0 - $1).magnitude }.max() ?? 0
}

/// A buffer whose list holds all of its correspondences, with weight 1.
func listedBuffer(_ pairs: [[Double]]) throws -> CorrespondenceBuffer {
    let items = pairs.map {
        Correspondence(source: PixelPoint(x: $0[0], y: $0[1]), target: PixelPoint(x: $0[2], y: $0[3]))
    }
    let buffer = try CorrespondenceBuffer(
        items, sourceSize: ImageSize(width: 0, height: 0), targetSize: ImageSize(width: 0, height: 0),
        configuration: .homography)
    for k in items.indices { buffer.list[k] = Int32(k) }
    return buffer
}

@Suite struct SolverTests {
    @Test("Four correspondences give the homography that OpenCV 4.10.0's getPerspectiveTransform gives")
    func exactHomography() throws {
        let h = try #require(
            HomographySolver.exact(
                (100, 50, 180, 90), (900, 120, 760, 60), (850, 700, 820, 610), (60, 640, 120, 720)))
        let golden = Matrix3(
            0.8186209502224012, -0.08500028232530725, 102.11614915967132, -0.10278114297628264, 0.8254643934865051,
            58.86900965612603, 0.00014240212483170215, -0.0003150009090360614, 1)
        #expect(difference(h * (1 / h.m22), golden) < 1e-3)
        for (x, y, u, v) in [(100.0, 50.0, 180.0, 90.0), (60, 640, 120, 720)] {
            let p = try #require(h.project(PixelPoint(x: x, y: y)))
            #expect(abs(p.x - u) < 1e-9 && abs(p.y - v) < 1e-9)
        }
    }

    @Test("Triangles that turn differently, and three points on a line, are no sample")
    func sides() {
        let square: [HomographySolver.Pair] = [(0, 0, 0, 0), (100, 0, 100, 0), (100, 100, 100, 100), (0, 100, 0, 100)]
        func check(_ p: [HomographySolver.Pair]) -> Bool {
            HomographySolver.preservesSides(p[0], p[1], p[2], p[3], area: 10)
        }
        #expect(check(square))
        #expect(!check(square.map { ($0.x, $0.y, -$0.u, $0.v) }), "mirrored")
        #expect(!check([square[0], square[1], square[2], (0, 100, 100, 40)].map { $0 }), "folded or on a line")
        #expect(!check([square[0], square[1], square[2], (200, 0, 200, 0)]), "three on a line")
    }

    @Test("Least squares over exact correspondences gives the homography back to nine digits")
    func fittedHomography() throws {
        let truth = Matrix3(0.9, -0.2, 30, 0.15, 1.1, -20, 2e-4, -1e-4, 1)
        var random = SplitMix64(seed: 5)
        let pairs = (0..<40).compactMap { _ -> [Double]? in
            // Single precision holds these positions exactly, so the homography itself is moved onto the grid's error
            // only.
            let p = PixelPoint(x: Double(random.index(below: 1024)), y: Double(random.index(below: 768)))
            return truth.project(p).map { [p.x, p.y, $0.x, $0.y] }
        }
        let buffer = try listedBuffer(pairs)
        let first = HomographySolver.fit(buffer, count: pairs.count, prior: .identity)
        let h = try #require(first)
        let second = HomographySolver.fit(buffer, count: pairs.count, prior: h)
        let refined = try #require(second)
        for p in pairs {
            let q = try #require(refined.project(PixelPoint(x: p[0], y: p[1])))
            #expect(abs(q.x - p[2]) < 2e-4 && abs(q.y - p[3]) < 2e-4)
        }
    }

    @Test("Affine and similarity fits equal numpy.linalg.lstsq")
    func affineFits() throws {
        let buffer = try listedBuffer([
            [0, 0, 10, 5], [100, 0, 110, 9], [100, 80, 104, 95], [0, 80, 3, 84], [50, 20, 57, 28],
        ])
        let moments = AffineSolver.Moments(buffer, count: 5)
        let affinity = try #require(AffineSolver.affinity(moments))
        let golden = Matrix3(
            1.005, -0.07797619047619081, 9.35714285714288, 0.075, 1.030357142857142, 3.357142857142865, 0, 0, 1)
        #expect(difference(affinity, golden) < 1e-9)
        // The similarity as one complex linear regression.
        let similarity = try #require(AffineSolver.similarity(moments))
        let complex = Matrix3(1.01519139, -0.07619617, 8.78349282, 0.07619617, 1.01519139, 3.84330144, 0, 0, 1)
        #expect(difference(similarity, complex) < 1e-7)
    }

    @Test("Fits refuse points on a line and points on one spot")
    func degenerateFits() throws {
        let steps: [Double] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        let line = try listedBuffer(steps.map { (t: Double) -> [Double] in [t * 10, t * 20, t * 11, t * 19] })
        #expect(AffineSolver.affinity(.init(line, count: 10)) == nil)
        #expect(HomographySolver.fit(line, count: 10, prior: .identity) == nil)
        let spot = try listedBuffer((0..<10).map { _ in [5, 5, 7, 7] })
        #expect(AffineSolver.similarity(.init(spot, count: 10)) == nil)
        #expect(HomographySolver.fit(spot, count: 10, prior: .identity) == nil)
    }

    @Test("Eigenvalues and eigenvectors equal numpy.linalg.eigh")
    func eigen() {
        let eigen = SymmetricEigen(symmetric: [4, 1, -2, 1, 3, 0.5, -2, 0.5, 5], size: 3)
        for (value, golden) in zip(eigen.values, [1.58420669, 3.83933645, 6.57645685]) {
            #expect(abs(value - golden) < 1e-8)
        }
        let dot = zip(eigen.vectors[0], [-0.63824262, 0.61454694, -0.46365765]).map(*).reduce(0, +)
        #expect(abs(abs(dot) - 1) < 1e-8)
    }

    @Test("A matrix times its inverse is the unit matrix, and a singular one has no inverse")
    func inverse() throws {
        let m = Matrix3(2, -1, 3, 0.5, 4, 1, -2, 1, 7)
        #expect(difference(m * (try #require(m.inverse)), .identity) < 1e-15)
        #expect(abs(m.determinant - 85) < 1e-12)  // By hand: 2·27 + 1·5.5 + 3·8.5.
        #expect(Matrix3(1, 2, 3, 2, 4, 6, 1, 1, 1).inverse == nil)
    }
}
