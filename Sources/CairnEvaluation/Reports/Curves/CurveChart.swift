/// A chart of curves as SVG, for a page or as a file of its own: precision against recall, CMC, thresholds, accuracy against time.
///
/// Series are told apart by six colours that stay apart for colour-blind readers on light and on dark ground, then by dashes.
/// Their names stand at the ends of the lines where there is room, else in a legend.
public struct CurveChart: Hashable, Sendable {
    /// A point in the axes' own units. One that is not finite is left out.
    public struct Point: Hashable, Sendable {
        /// Along the horizontal axis.
        public var x: Double
        /// Along the vertical axis.
        public var y: Double

        /// Makes a point.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// How a series is drawn.
    public enum Style: String, Hashable, Sendable {
        /// Straight from point to point.
        case line
        /// Level to the next point, then up or down.
        case step
        /// A dot at each point.
        case dots
        /// Straight from point to point, thin and pale, without a name: what a smoothed curve is made of.
        case pale
    }

    /// One curve.
    public struct Series: Hashable, Sendable {
        /// Its name in the legend.
        public var name: String
        /// Its points, in the order in which they are joined.
        public var points: [Point]
        /// How they are drawn.
        public var style: Style
        /// Its look, from 0: six colours, each first solid, then dashed, then dotted. `nil` for a thin grey line without a name
        /// in the legend.
        public var slot: Int?

        /// Makes a series.
        public init(name: String, points: [Point], style: Style = .line, slot: Int?) {
            self.name = name
            self.points = points
            self.style = style
            self.slot = slot
        }
    }

    /// A place along the horizontal axis where something changes: a line across the plot, with a name above it.
    public struct Mark: Hashable, Sendable {
        /// Where, in the axis' own units; outside of the axis it is left out.
        public var x: Double
        /// What begins there.
        public var name: String
        /// Whether it stands out against other marks.
        public var isStrong: Bool

        /// Makes a mark.
        public init(x: Double, name: String, isStrong: Bool = false) {
            self.x = x
            self.name = name
            self.isStrong = isStrong
        }
    }

    /// How numbers are laid out along an axis.
    public enum Scale: String, Hashable, Sendable {
        /// Evenly.
        case linear
        /// By powers of ten. Values of 0 and below are drawn at the axis' low end.
        case logarithmic
    }

    /// An axis.
    public struct Axis: Hashable, Sendable {
        /// What it counts, with its unit.
        public var label: String
        /// How numbers are laid out.
        public var scale: Scale
        /// Its ends; `nil` for round numbers around the points.
        public var range: ClosedRange<Double>?

        /// Makes an axis.
        public init(_ label: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
            self.label = label
            self.scale = scale
            self.range = range
        }
    }

    /// Where the series' names stand.
    public enum Legend: String, Hashable, Sendable {
        /// At the lines' ends where they do not collide, else below the chart.
        case automatic
        /// Beside each series' last point as far as there is room: for dots that are a series each.
        case besideDots
        /// Nowhere: the page around it names them.
        case none
    }

    /// What is shown.
    public var title: String
    /// The chart in a sentence, for those who do not see it.
    public var summary: String
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// The curves, the last drawn on top.
    public var series: [Series]
    /// Where something changes, from left to right; nowhere.
    public var marks: [Mark] = []
    /// Where the names stand.
    public var legend: Legend
    /// Width in pixels, at least 240.
    public var width: Double
    /// Height in pixels without the legend, at least 160.
    public var height: Double

    /// Makes a chart. Traps when it is too small to draw axes.
    public init(
        title: String, summary: String = "", x: Axis, y: Axis, series: [Series], legend: Legend = .automatic,
        width: Double = 640, height: Double = 400
    ) {
        precondition(width >= 240 && height >= 160, "a chart of \(width) x \(height) pixels")
        self.title = title
        self.summary = summary
        self.x = x
        self.y = y
        self.series = series
        self.legend = legend
        self.width = width
        self.height = height
    }
}
