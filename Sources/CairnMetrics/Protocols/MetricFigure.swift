/// A figure under the name that its protocol's papers print: `mAP@100`, 0.342.
public struct MetricFigure: Hashable, Sendable {
    /// The metric's name.
    public var name: String
    /// Its value; in 0...1, but for the N-S score of UKBench, which is in 0...4.
    public var value: Double

    /// Makes a figure.
    public init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}
