import CairnEvaluation
import Foundation

/// Long curves made short enough to draw, the same for the same points.
enum CurveThinning {
    /// The most points of a curve.
    static let limit = 1000

    /// At most `limit` points: of each of equally long runs of points the lowest and the highest, so that a spike stays one. Points that are not finite are left out.
    static func extremes(_ points: [CurveChart.Point], limit: Int = limit) -> [CurveChart.Point] {
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard finite.count > limit else { return finite }
        let buckets = max(1, limit / 2)
        return (0..<buckets).flatMap { bucket -> [CurveChart.Point] in
            let range = finite.count * bucket / buckets..<finite.count * (bucket + 1) / buckets
            guard let low = range.min(by: { finite[$0].y < finite[$1].y }),
                let high = range.max(by: { finite[$0].y < finite[$1].y })
            else { return [] }
            return (low == high ? [low] : [min(low, high), max(low, high)]).map { finite[$0] }
        }
    }

    /// At most `limit` points, evenly chosen, the first and the last among them: for curves that are smooth.
    static func even(_ points: [CurveChart.Point], limit: Int = limit) -> [CurveChart.Point] {
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard finite.count > limit, limit > 1 else { return finite }
        return (0..<limit).map { finite[(finite.count - 1) * $0 / (limit - 1)] }
    }

    /// An exponential moving average over about `span` points that starts unbiased: weights of the points so far sum to 1.
    static func smoothed(_ points: [CurveChart.Point], span: Double) -> [CurveChart.Point] {
        let decay = 1 - 1 / max(1, span)
        var (sum, weight) = (0.0, 0.0)
        return points.filter { $0.x.isFinite && $0.y.isFinite }.map { point in
            sum = decay * sum + point.y
            weight = decay * weight + 1
            return CurveChart.Point(x: point.x, y: sum / weight)
        }
    }
}
