import CairnNN

/// A network from images to feature maps: what is before the pooling.
public protocol Backbone<Value> {
    /// The backend's tensor.
    associatedtype Value: Tensor

    /// Channels of the feature map that `features` gives.
    var channels: Int { get }

    /// Names and parameters of the classifier are known, and `logits` can be asked.
    var hasClassifier: Bool { get }

    /// `[N, 3, H, W]`, normalised as the checkpoint wants it, to `[N, channels, H / 32, W / 32]`, the map before pooling.
    func features(_ image: Value) throws -> Value

    /// The feature map to `[N, classes]`, as the network was trained to classify. Throws where there is no classifier.
    func logits(_ features: Value) throws -> Value
}

/// A backbone whose second-last stage can be seen too: what local features of DELG are made from.
public protocol StagedBackbone<Value>: Backbone {
    /// Channels of the shallow map.
    var shallowChannels: Int { get }

    /// The shallow map `[N, shallowChannels, H / 16, W / 16]` and the deep one, as `features` gives it.
    func shallowAndDeepFeatures(_ image: Value) throws -> (shallow: Value, deep: Value)
}
