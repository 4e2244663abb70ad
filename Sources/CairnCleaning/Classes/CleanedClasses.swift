/// What became of the photos of a labelled set, and why.
public struct CleanedClasses: Sendable, Equatable {
    /// Which clustering found a class.
    public enum Stage: String, Sendable, Codable {
        /// The first, with the smaller radius.
        case cluster
        /// That of the noise, with the larger radius.
        case tail
    }

    /// Why a photo is in no class.
    public enum Reason: Sendable, Equatable {
        /// Too few photos of its label are like it, in either radius.
        case noise
        /// It is in a cluster, which has too few photos to be a class.
        case smallCluster(size: Int)
    }

    /// The numbers behind a photo's being dropped.
    public struct Evidence: Sendable, Equatable {
        /// The most similar other row of the same label; nil where it is the only one.
        public var nearest: Int?

        /// The cosine distance to it.
        public var nearestDistance: Double?

        /// How many other rows of the label are within `eps`: exact below the density that is asked for, and the least
        /// that meets it otherwise.
        public var neighborsInReach: Int

        /// How many other rows of the label's noise are within `tailEps`, counted in the same way; nil where the row
        /// was not noise or no tail was asked for.
        public var neighborsInTailReach: Int?

        /// The same with the rows of a label numbered as those of the whole set.
        func placed(among rows: [Int]) -> Evidence {
            var copy = self
            copy.nearest = nearest.map { rows[$0] }
            return copy
        }
    }

    /// What became of one photo.
    public enum Outcome: Sendable, Equatable {
        /// It has no label and was not looked at.
        case unlabeled
        /// It is of this class, which that clustering found.
        case kept(class: String, stage: Stage)
        /// It is of no class.
        case dropped(Reason, Evidence)
    }

    /// One photo's label and what became of it.
    public struct Verdict: Sendable, Equatable {
        /// The label it came with.
        public var label: String?

        /// What became of it.
        public var outcome: Outcome

        /// The class it is now of, if any.
        public var newClass: String? {
            guard case .kept(let name, _) = outcome else { return nil }
            return name
        }
    }

    /// A class of the cleaned set.
    public struct Class: Sendable, Equatable {
        /// What it is called.
        public var name: String

        /// The label that it is a part of, or all.
        public var label: String

        /// Which clustering found it.
        public var stage: Stage

        /// Its photos, ascending.
        public var rows: [Int]
    }

    /// One for each row, in order.
    public let verdicts: [Verdict]

    /// Those of a label together, the largest first; labels in the order of their first rows.
    public let classes: [Class]

    /// How many photos were dropped.
    public var droppedCount: Int {
        verdicts.count {
            guard case .dropped = $0.outcome else { return false }
            return true
        }
    }

    /// The labels that became several classes, in order.
    public var splitLabels: [String] {
        var counts: [String: Int] = [:]
        for found in classes { counts[found.label, default: 0] += 1 }
        return classes.lazy.filter { $0.name == $0.label }.map(\.label).filter { counts[$0, default: 0] > 1 }
    }
}
