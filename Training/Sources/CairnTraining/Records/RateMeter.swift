/// How fast work goes: all work of the last steps by all of their time, so that a slow step is not forgotten at once and an old
/// one does not count for ever.
public struct RateMeter: Sendable {
    private var work: [Double] = []
    private var seconds: [Double] = []
    private var next = 0
    private let window: Int

    /// Makes a meter over the last `window` steps; 50. Traps below 1.
    public init(window: Int = 50) {
        precondition(window > 0, "a rate over \(window) steps")
        self.window = window
    }

    /// Takes a step's work, in any unit, and its time. Steps without a time above 0 are left out.
    public mutating func add(work amount: Double, seconds time: Double) {
        guard amount.isFinite, amount >= 0, time.isFinite, time > 0 else { return }
        if work.count < window {
            work.append(amount)
            seconds.append(time)
        } else {
            (work[next], seconds[next]) = (amount, time)
            next = (next + 1) % window
        }
    }

    /// Work a second; `nil` before the first step.
    public var rate: Double? {
        let time = seconds.reduce(0, +)
        return time > 0 ? work.reduce(0, +) / time : nil
    }
}
