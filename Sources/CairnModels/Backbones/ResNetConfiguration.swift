/// What the members of the ResNet family differ in.
public struct ResNetConfiguration: Codable, Sendable, Hashable {
    /// The shape of a residual branch.
    public enum Block: String, Codable, Sendable, Hashable {
        /// Two 3x3 convolutions; as many channels out as the stage is wide.
        case basic
        /// 1x1, 3x3 and 1x1; four times as many channels out.
        case bottleneck
    }

    /// Whose names the parameters have, and whose stem pooling there is.
    public enum Layout: String, Codable, Sendable, Hashable {
        /// `conv1`, `layer1.0.se.fc1`, `fc`; the stem pools with a border of 1.
        case torchvision
        /// `layer0.conv1`, `layer1.0.se_module.fc1`, `last_linear`; the stem pools without a border and rounds up.
        case caffe
    }

    /// The shape of a residual branch; bottleneck.
    public var block: Block
    /// Blocks in each of the four stages.
    public var blocks: [Int]
    /// Groups of channels in the 3x3 convolution of a bottleneck; 1.
    public var groups: Int
    /// Channels of a group in a bottleneck of the first stage; 64.
    public var groupWidth: Int
    /// Three 3x3 convolutions of this, this and twice this width begin the network; 0 for one 7x7 of 64.
    public var deepStemWidth: Int
    /// The shortcut of a stage's first block averages 2x2 pixels before its 1x1 convolution; otherwise that one has the stride. No.
    public var averagesShortcut: Bool
    /// Squeeze and excitation at the end of each residual branch, reducing to a sixteenth; no.
    public var hasChannelAttention: Bool
    /// Split attention over this many splits (the radix) in place of a bottleneck's 3x3 convolution; 0 for none.
    public var splits: Int
    /// Whose names the parameters have.
    public var layout: Layout
    /// A bottleneck has its stride in the first convolution, as in Caffe, not in the 3x3; no.
    public var stridesEarly: Bool

    /// Sets the options; the defaults are those of a plain bottleneck ResNet.
    public init(
        block: Block = .bottleneck, blocks: [Int], groups: Int = 1, groupWidth: Int = 64, deepStemWidth: Int = 0,
        averagesShortcut: Bool = false, hasChannelAttention: Bool = false, splits: Int = 0,
        layout: Layout = .torchvision, stridesEarly: Bool = false
    ) {
        self.block = block
        self.blocks = blocks
        self.groups = groups
        self.groupWidth = groupWidth
        self.deepStemWidth = deepStemWidth
        self.averagesShortcut = averagesShortcut
        self.hasChannelAttention = hasChannelAttention
        self.splits = splits
        self.layout = layout
        self.stridesEarly = stridesEarly
    }

    /// Channels out of a stage, `stage` counted from 0.
    func channels(ofStage stage: Int) -> Int { Self.width(ofStage: stage) * (block == .basic ? 1 : 4) }

    /// Channels between a bottleneck's convolutions; for a basic block, channels throughout.
    func innerChannels(ofStage stage: Int) -> Int {
        block == .basic ? Self.width(ofStage: stage) : Self.width(ofStage: stage) * groupWidth / 64 * groups
    }

    /// Channels that the stem gives.
    var stemChannels: Int { deepStemWidth > 0 ? 2 * deepStemWidth : 64 }

    private static func width(ofStage stage: Int) -> Int { 64 << stage }
}
