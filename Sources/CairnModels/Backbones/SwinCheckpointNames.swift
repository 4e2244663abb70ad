/// The names of the Swin authors' checkpoints, which are older than timm's: a stage's merging of tokens is named after the stage
/// before it, and the classifier is `head` itself.
public enum SwinCheckpointNames {
    /// The name that `SwinTransformer` asks for, by each name of a checkpoint of the authors'; `nil` for any other checkpoint.
    ///
    /// They are told apart by the first stage's merging, which timm's names do not have.
    public static func translation(of names: some Sequence<String>) -> [String: String]? {
        let names = Array(names)
        guard names.contains("layers.0.downsample.reduction.weight") else { return nil }
        return Dictionary(names.map { ($0, translated($0)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func translated(_ name: String) -> String {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 2, parts[0] == "layers", parts[2] == "downsample", let stage = Int(parts[1]) {
            parts[1] = String(stage + 1)
        } else if parts.count == 2, parts[0] == "head" {
            parts.insert("fc", at: 1)
        }
        return parts.joined(separator: ".")
    }
}
