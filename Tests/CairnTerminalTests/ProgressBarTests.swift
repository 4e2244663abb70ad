import CairnTerminal
import Testing

struct ProgressBarTests {
    @Test(
        "Times are rounded up and written in the unit that fits",
        arguments: [
            (0, "0 s"), (0.2, "1 s"), (59, "59 s"), (59.5, "1:00 min"), (185, "3:05 min"), (3599.5, "1:00 h"),
            (7801, "2:10 h"), (.infinity, "–"), (-1, "–"), (.nan, "–"), (1e300, "–"),
        ] as [(Double, String)])
    func clock(seconds: Double, text: String) { #expect(ProgressBar.clock(seconds) == text) }

    @Test("Without a wish to see it nothing is drawn, and no text is made")
    func disabled() {
        let bar = ProgressBar("Training", unit: "steps", isEnabled: false)
        var made = 0
        func text() -> String {
            made += 1
            return ""
        }
        bar.update(share: 0.5, text: text())
        bar.finish()
        #expect(!bar.isVisible && made == 0)
    }
}
