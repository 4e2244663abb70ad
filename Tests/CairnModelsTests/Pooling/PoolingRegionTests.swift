import Testing

@testable import CairnModels

@Suite struct PoolingRegionTests {
    private func grid(_ height: Int, _ width: Int, levels: Int = 3) -> [PoolingRegion] {
        PoolingRegion.grid(height: height, width: width, levels: levels)
    }

    @Test func `A square map has itself twice, four squares of two thirds and nine of a half`() {
        let regions = grid(12, 12)
        #expect(regions.count == 1 + 1 + 4 + 9)
        #expect(regions[0] == regions[1] && regions[0] == PoolingRegion(rows: 0..<12, columns: 0..<12))
        #expect(regions[2...5].map(\.rows.lowerBound) == [0, 0, 4, 4])
        #expect(regions[2...5].map(\.columns.lowerBound) == [0, 4, 0, 4])
        #expect(regions[6...].map(\.columns.lowerBound) == [0, 3, 6, 0, 3, 6, 0, 3, 6])
        #expect(regions[6...].allSatisfy { $0.rows.count == 6 && $0.columns.count == 6 })
    }

    @Test func `The longer axis gets as many squares as overlap by 40 percent`() {
        // 32 to 24: two squares overlap by 2/3, seven by more; two it is. 48 to 24: two would not overlap, three by 1/2.
        #expect(grid(24, 32)[1...2].map(\.columns) == [0..<24, 8..<32])
        #expect(grid(48, 24)[1...3].map(\.rows) == [0..<24, 12..<36, 24..<48])
    }

    @Test func `Regions stay in the map and reach its far corner, whatever its size`() {
        for height in 1...40 {
            for width in 1...40 {
                let regions = grid(height, width)
                let whole = PoolingRegion(rows: 0..<height, columns: 0..<width)
                #expect(regions.allSatisfy { whole.rows.contains($0.rows) && whole.columns.contains($0.columns) })
                #expect(regions.dropFirst().contains { $0.rows.upperBound == height && $0.columns.upperBound == width })
            }
        }
    }

    @Test func `Regions are those of cnnimageretrieval for every size up to 64x64`() {
        // FNV-1a over top, left, height and width of the regions that its `rmac` takes its maxima of, run in torch 2.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var count = 0
        for height in 1...64 {
            for width in 1...64 {
                for region in grid(height, width) {
                    count += 1
                    for value in [
                        region.rows.lowerBound, region.columns.lowerBound, region.rows.count, region.columns.count,
                    ] {
                        hash = (hash ^ UInt64(value)) &* 0x100_0000_01b3
                    }
                }
            }
        }
        #expect(count == 123_229)
        #expect(hash == 0x3491_bb52_1451_0053)
    }

    @Test func `A scale whose squares have no pixel has none`() {
        #expect(grid(1, 1) == [PoolingRegion(rows: 0..<1, columns: 0..<1), PoolingRegion(rows: 0..<1, columns: 0..<1)])
        #expect(grid(0, 5).isEmpty)
    }
}
