import Cairn
import CairnTerminal
import Foundation

/// A search's answer for people: a line a result.
enum SearchListing {
    static func print(_ answer: SearchAnswer, searcher: Searcher) {
        let verifies = searcher.configuration.shortlist > 0 && answer.strategy != .global
        if answer.results.isEmpty {
            Console.print("Nothing found among \(searcher.snapshot.imageCount) images.")
        }
        for result in answer.results {
            let isVerified = result.inliers >= searcher.configuration.verifiedInliers
            let mark = isVerified ? "✓" : result.via != nil ? "→" : " "
            let reason =
                if isVerified {
                    "\(result.inliers) inliers"
                } else if let via = result.via {
                    "by way of \(URL(fileURLWithPath: via).lastPathComponent)"
                } else {
                    result.stages["global"].map { String(format: "similarity %.4f", $0) }
                        ?? (verifies ? "not verified" : String(format: "similarity %.4f", result.score))
                }
            Console.print(
                String(format: "%3d %@ %8.2f  ", result.rank, mark, result.score)
                    + reason.padding(toLength: max(30, reason.count), withPad: " ", startingAt: 0) + "  " + result.image
            )
        }
        let order = ["extraction", "shortlist", "verification", "expansion"]
        let times = order.compactMap { name in answer.timings[name].map { String(format: "%@ %.1f ms", name, $0) } }
        Console.note("\(searcher.snapshot.imageCount) images · " + times.joined(separator: " · "))
    }
}
