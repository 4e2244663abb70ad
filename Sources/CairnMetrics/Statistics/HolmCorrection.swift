/// p-values of several comparisons, so that the chance of a single false "better" among all of them stays below the level.
public enum HolmCorrection {
    /// The adjusted p-values, in the order given, each in 0...1 and none below its own.
    ///
    /// Sorted upwards, the i-th of m (from 1) is multiplied by m - i + 1, and none may be below one before it (Holm,
    /// Scandinavian Journal of Statistics 1979). O(m log m).
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var highest = 0.0
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        for (place, index) in order.enumerated() {
            precondition((0...1).contains(pValues[index]), "a p-value of \(pValues[index])")
            highest = max(highest, min(1, pValues[index] * Double(pValues.count - place)))
            adjusted[index] = highest
        }
        return adjusted
    }
}
