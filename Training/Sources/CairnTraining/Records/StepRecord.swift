/// A change of the weights.
public struct StepRecord: Codable, Sendable, Hashable {
    /// The stage's number, from 0.
    public var stage: Int
    /// The epoch within the stage, from 1.
    public var epoch: Int
    /// The step within the epoch, from 1.
    public var step: Int
    /// The step within the run, from 1.
    public var globalStep: Int
    /// Photos seen since the run began, over all processes.
    public var photos: Int
    /// What was minimised.
    public var loss: Double
    /// Its parts by name, before they are weighted; empty where there is one alone.
    public var losses: [String: Double]
    /// The share of photos whose class was right; `nil` where no loss classifies.
    public var accuracy: Double?
    /// The learning rate of the first group of parameters.
    public var learningRate: Double
    /// The length of the gradient of all parameters, before it was clipped; `nil` where it was not computed.
    public var gradientNorm: Double?
    /// Photos a second over all processes, waiting for data included.
    public var imagesPerSecond: Double
    /// What the step took, waiting for data included.
    public var seconds: Double

    /// Makes a record.
    public init(
        stage: Int, epoch: Int, step: Int, globalStep: Int, photos: Int, loss: Double, losses: [String: Double] = [:],
        accuracy: Double? = nil, learningRate: Double, gradientNorm: Double? = nil, imagesPerSecond: Double,
        seconds: Double
    ) {
        self.stage = stage
        self.epoch = epoch
        self.step = step
        self.globalStep = globalStep
        self.photos = photos
        self.loss = loss
        self.losses = losses
        self.accuracy = accuracy
        self.learningRate = learningRate
        self.gradientNorm = gradientNorm
        self.imagesPerSecond = imagesPerSecond
        self.seconds = seconds
    }
}

/// An epoch that is done.
public struct EpochRecord: Codable, Sendable, Hashable {
    /// The stage's number, from 0.
    public var stage: Int
    /// The epoch within the stage, from 1.
    public var epoch: Int
    /// Steps of the run up to its end.
    public var globalStep: Int
    /// Photos seen since the run began.
    public var photos: Int
    /// The mean of its steps' losses.
    public var loss: Double
    /// The means of the parts, by name.
    public var losses: [String: Double]
    /// The mean of its steps' accuracies.
    public var accuracy: Double?
    /// The learning rate of its last step.
    public var learningRate: Double
    /// Figures of the validation photos, by name; empty where it was not validated.
    public var validation: [String: Double]
    /// Photos a second while training, without validation.
    public var imagesPerSecond: Double
    /// What the epoch took in all: mining, training, validation.
    public var seconds: Double
    /// What mining took of these.
    public var miningSeconds: Double
    /// What validation took of these.
    public var validationSeconds: Double
    /// The most memory held so far, in bytes; `nil` where the system does not tell.
    public var peakResidentBytes: Int?

    /// Makes a record.
    public init(
        stage: Int, epoch: Int, globalStep: Int, photos: Int, loss: Double, losses: [String: Double] = [:],
        accuracy: Double? = nil, learningRate: Double, validation: [String: Double] = [:], imagesPerSecond: Double,
        seconds: Double, miningSeconds: Double = 0, validationSeconds: Double = 0, peakResidentBytes: Int? = nil
    ) {
        self.stage = stage
        self.epoch = epoch
        self.globalStep = globalStep
        self.photos = photos
        self.loss = loss
        self.losses = losses
        self.accuracy = accuracy
        self.learningRate = learningRate
        self.validation = validation
        self.imagesPerSecond = imagesPerSecond
        self.seconds = seconds
        self.miningSeconds = miningSeconds
        self.validationSeconds = validationSeconds
        self.peakResidentBytes = peakResidentBytes
    }
}
