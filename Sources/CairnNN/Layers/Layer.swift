/// What layers share.
public enum Layer {
    /// Runs a layer, and names it in the errors that come out.
    public static func located<R>(_ name: String, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as NetworkError {
            throw error.located(at: name)
        }
    }
}
