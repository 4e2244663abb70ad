import CairnCore
import Testing

@testable import CairnModelLibrary

@Suite struct PhotoFitTests {
    private func base(_ fit: PhotoFit, _ width: Int, _ height: Int, side: Int) -> [Double] {
        let base = fit.base(ImageSize(width: width, height: height), side: side)
        return [base.width, base.height]
    }

    @Test("the long side, the short side or both become the model's size; only a square enlarges")
    func sides() {
        #expect(base(.longSide, 800, 400, side: 200) == [200, 100])
        #expect(base(.shortSide, 800, 400, side: 200) == [400, 200])
        #expect(base(.square, 800, 400, side: 200) == [200, 200])
        #expect(base(.longSide, 80, 40, side: 200) == [80, 40])
        #expect(base(.shortSide, 80, 40, side: 200) == [80, 40])
        #expect(base(.square, 80, 40, side: 200) == [200, 200])
    }

    @Test("a photo of 2:1 is decoded large enough for its short side")
    func decoding() {
        #expect(PhotoFit.longSide.decodedLongSide(512) == 512)
        #expect(PhotoFit.shortSide.decodedLongSide(512) == 1024)
        #expect(PhotoFit.square.decodedLongSide(512) == 1024)
    }
}
