import CairnCore
import CairnFeatures
import CairnImaging

/// Two photos side by side, with lines between the keypoints that agree.
enum MatchPicture {
    static func draw(_ first: RGBImage, _ second: RGBImage, outcome: PairVerifier.Outcome) -> RGBImage {
        var (canvas, origin) = Canvas.sideBySide(first, second, gap: 12)
        func moved(_ point: PixelPoint) -> PixelPoint { PixelPoint(x: point.x + Double(origin), y: point.y) }
        if let evidence = outcome.evidence {
            let colour = Color.green
            for (region, isSecond) in [(evidence.sourceRegion, false), (evidence.targetRegion, true)] {
                let corners = isSecond ? region.map(moved) : region
                canvas.fillPolygon(corners, color: colour, opacity: 0.12)
                canvas.drawPolygon(corners, color: colour, width: 2)
            }
            for (index, line) in evidence.lines.enumerated() {
                // Neighbouring lines are told apart by colour.
                let colour = Color.hue(Double(index) * 0.618_034)
                let target = moved(line.target)
                canvas.drawLine(from: line.source, to: target, color: colour, width: 1.2)
                canvas.drawCircle(center: line.source, radius: 3, color: colour, width: 1.2)
                canvas.drawCircle(center: target, radius: 3, color: colour, width: 1.2)
            }
        }
        let label = "\(outcome.evidence?.score ?? 0) inliers of \(outcome.matchCount) matches"
        canvas.drawText(label, at: PixelPoint(x: 10, y: 10), color: .white, scale: 2, background: .black)
        return canvas.image
    }
}
