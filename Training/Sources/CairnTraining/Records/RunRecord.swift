/// What a run is: its recipe and all that its numbers depend on.
public struct RunRecord: Codable, Sendable, Hashable {
    /// The recipe's name.
    public var recipe: String
    /// The recipe's title; empty for none.
    public var title: String
    /// The model that learns, as the recipe calls it.
    public var model: String
    /// A digest of the settings, for telling runs apart.
    public var settingsDigest: String
    /// The settings themselves as YAML (`SettingsText.yaml`); empty where they are not kept.
    public var settings: String
    /// What computes, in a line.
    public var machine: String
    /// Versions of what computes, by name.
    public var versions: [String: String]
    /// What random numbers start from.
    public var seed: UInt64
    /// Threads of each process.
    public var threads: Int
    /// Processes that share each step.
    public var processes: Int
    /// When it started, as ISO 8601 has it.
    public var date: String
    /// The validation figure that the best epoch has most of; `nil` where nothing is validated.
    public var figure: String?
    /// What is to be done.
    public var plan: TrainingPlan

    /// Makes a record.
    public init(
        recipe: String, title: String = "", model: String, settingsDigest: String, settings: String = "",
        machine: String, versions: [String: String] = [:], seed: UInt64, threads: Int, processes: Int = 1,
        date: String, figure: String? = nil, plan: TrainingPlan
    ) {
        self.recipe = recipe
        self.title = title
        self.model = model
        self.settingsDigest = settingsDigest
        self.settings = settings
        self.machine = machine
        self.versions = versions
        self.seed = seed
        self.threads = threads
        self.processes = processes
        self.date = date
        self.figure = figure
        self.plan = plan
    }
}

/// A stage that begins.
public struct StageRecord: Codable, Sendable, Hashable {
    /// Something that changes within a stage, and the epoch from which on it is so.
    public struct Change: Codable, Sendable, Hashable {
        /// What begins: “384 px”, “hard”.
        public var name: String
        /// The first epoch of it, from 1 within the stage.
        public var fromEpoch: Int

        /// Makes a change.
        public init(name: String, fromEpoch: Int) {
            self.name = name
            self.fromEpoch = fromEpoch
        }
    }

    /// Its number, from 0.
    public var stage: Int
    /// Its name.
    public var name: String
    /// Steps of the run before it.
    public var globalStep: Int
    /// Epochs that it takes.
    public var epochs: Int
    /// What it learns from.
    public var data: String
    /// Photos of an epoch.
    public var photos: Int
    /// Classes; `nil` where no loss classifies.
    public var classes: Int?
    /// Sizes of photos, the first from epoch 1.
    public var sizes: [Change]
    /// Phases of augmentation, the first from epoch 1; empty where there is none.
    public var phases: [Change]

    /// Makes a record.
    public init(
        stage: Int, name: String, globalStep: Int, epochs: Int, data: String, photos: Int, classes: Int? = nil,
        sizes: [Change], phases: [Change] = []
    ) {
        self.stage = stage
        self.name = name
        self.globalStep = globalStep
        self.epochs = epochs
        self.data = data
        self.photos = photos
        self.classes = classes
        self.sizes = sizes
        self.phases = phases
    }
}
