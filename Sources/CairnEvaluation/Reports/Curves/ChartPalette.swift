/// Six colours for series. Chosen so that any two stay apart, by at least 0.11 in OKLab, for readers with full colour vision and
/// for those without the red or the green cones (simulated after Machado, Oliveira and Fernandes, IEEE TVCG 2009), and each
/// has a contrast of 3 to its ground.
public enum ChartPalette {
    static let count = 6

    /// As CSS properties `--s0` … `--s5`.
    static let light = "--s0: #0ea891; --s1: #6b2f08; --s2: #2453c2; --s3: #990074; --s4: #956e00; --s5: #8f84fb;"
    static let dark = "--s0: #4fe9d6; --s1: #cb7f02; --s2: #4d7ff0; --s3: #d0418f; --s4: #f6d95c; --s5: #cb9bff;"

    /// Dash patterns by round: the first six series are solid.
    static let dashes = ["", "6 3", "1.5 3"]

    /// The classes of a series: its colour and its dash.
    public static func classes(slot: Int) -> String {
        let dash = (slot / count) % dashes.count
        return "s\(slot % count)" + (dash == 0 ? "" : " d\(dash)")
    }

    /// Rules for all slots. Colour is given as `color`, so that strokes, dots and text of a series agree.
    static let rules =
        (0..<count).map { ".s\($0) { color: var(--s\($0)); }" }.joined(separator: " ") + " "
        + dashes.enumerated().dropFirst().map { ".d\($0) .line, .line.d\($0) { stroke-dasharray: \($1); }" }
        .joined(separator: " ")
}
