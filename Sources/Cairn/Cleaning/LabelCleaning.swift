import CairnCleaning
import CairnCore

/// What cleaning makes of a collection's labels, image by image.
public struct LabelCleaning: Codable, Sendable, Equatable {
    /// What becomes of an image.
    public enum Outcome: String, Codable, Sendable {
        /// It is of its label, or of a part of it.
        case kept
        /// A looser rule brought it back.
        case recovered
        /// It loses its label.
        case dropped
    }

    /// A labelled image.
    public struct Image: Codable, Sendable, Equatable {
        /// Its number.
        public var id: ImageID
        /// Where it lies.
        public var path: String
        /// The label it came with.
        public var label: String
        /// Its class from now on; `nil` for none.
        public var newLabel: String?
        /// What becomes of it.
        public var outcome: Outcome
        /// Why it is dropped, in words and numbers.
        public var reason: String?

        private enum CodingKeys: String, CodingKey {
            case id, path, label
            case newLabel = "new_label"
            case outcome, reason
        }
    }

    /// All labelled images that have what cleaning goes by.
    public var images: [Image]

    /// How it was done, in words.
    public var method: String

    /// Labels that there were.
    public var labelCount: Int { Set(images.map(\.label)).count }

    /// Classes that there are now.
    public var classCount: Int { Set(images.compactMap(\.newLabel)).count }

    /// Images that lose their label.
    public var droppedCount: Int { images.count { $0.newLabel == nil } }

    /// The changes that this means for the collection.
    public func changes() throws -> LabelChanges {
        var changes = LabelChanges(source: .hand)
        for image in images where image.newLabel != image.label {
            try changes.set(image.newLabel.map { .landmark($0) }, for: image.id)
        }
        return changes
    }
}

extension CleanedClasses.Outcome {
    /// The outcome with its numbers in words; `nearestPath` names a row's file.
    func image(
        _ id: ImageID, path: String, label: String, _ settings: ClassCleaning, nearestPath: (Int) -> String?
    ) -> LabelCleaning.Image {
        var image = LabelCleaning.Image(id: id, path: path, label: label, outcome: .dropped)
        switch self {
        case .unlabeled: break
        case .kept(let name, let stage):
            image.newLabel = name
            image.outcome = stage == .cluster ? .kept : .recovered
        case .dropped(let reason, let evidence):
            var parts: [String] = []
            switch reason {
            case .smallCluster(let size):
                parts.append("its cluster has \(size) of \(settings.minimumClassSize) photos that make a class")
            case .noise:
                parts.append(
                    "\(evidence.neighborsInReach) of its label within \(settings.eps), \(settings.minSamples - 1) are asked for"
                )
                if let count = evidence.neighborsInTailReach, let eps = settings.tailEps {
                    parts.append("\(count) of the rest within \(eps), \(settings.tailMinSamples - 1) are asked for")
                }
            }
            if let distance = evidence.nearestDistance {
                let name =
                    evidence.nearest.flatMap(nearestPath).map { ": \($0.split(separator: "/").last ?? "")" } ?? ""
                parts.append("the nearest is \((1000 * distance).rounded() / 1000) away\(name)")
            } else {
                parts.append("it is the only one of its label")
            }
            image.reason = parts.joined(separator: "; ")
        }
        return image
    }
}

extension VerifiedNeighbors.Verdict {
    /// The outcome with its numbers in words.
    func image(
        _ id: ImageID, path: String, label: String, _ settings: VerifiedNeighborCleaning
    ) -> LabelCleaning.Image {
        var image = LabelCleaning.Image(id: id, path: path, label: label, outcome: .dropped)
        switch outcome {
        case .unlabeled: break
        case .kept:
            image.newLabel = label
            image.outcome = .kept
        case .dropped(.smallClass(let size)):
            image.reason = "\(size) of its label are verified, \(settings.minimumClassSize) make a class"
        case .dropped(.tooFewVerified):
            let best = evidence.bestInliers.map { "; the best has \($0) inliers of \(settings.minimumInliers)" } ?? ""
            image.reason =
                "\(evidence.verified) of \(evidence.compared) compared neighbours verify, \(settings.minimumVerified) are asked for\(best)"
        }
        return image
    }
}

extension ClassCleaning {
    /// The settings in words.
    var words: String {
        let tail = tailEps.map { "; the rest again within \($0), \(tailMinSamples) photos" } ?? ""
        return "DBSCAN on cosine distance within \(eps), \(minSamples) photos\(tail)"
    }
}

extension VerifiedNeighborCleaning {
    /// The settings in words.
    var words: String {
        "\(minimumVerified) of \(neighbors) nearest neighbours of the label verify with \(minimumInliers) inliers"
    }
}
