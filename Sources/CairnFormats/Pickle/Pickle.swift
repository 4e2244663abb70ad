/// Reads Python pickles as data. No code in them is ever run: what is not data is refused by its name.
public enum Pickle {
    /// Reads the pickle in the file at `path`, such as a data set's ground truth.
    public static func load(
        contentsOf path: String, limits: PickleLimits = PickleLimits()
    ) throws(FormatError) -> PickleValue {
        try load(ByteStorage(mapping: path).all, limits: limits)
    }

    /// Reads a pickle of protocol 2 to 5 that fills `bytes`.
    ///
    /// Time and memory are linear in its length; memory is bounded by `limits` besides.
    ///
    /// - Throws: `unsupported` for globals and instructions that are not data, `limitExceeded` past a limit, `invalidInput` for
    ///   what is damaged.
    public static func load(_ bytes: ByteSlice, limits: PickleLimits = PickleLimits()) throws(FormatError)
        -> PickleValue
    {
        var reader = ByteReader(bytes)
        var machine = PickleMachine(source: bytes.source, limits: limits, acceptsStorages: false)
        let result = try machine.run(&reader)
        guard reader.remaining == 0 else {
            throw FormatError.malformed(bytes.source, "\(reader.remaining) bytes follow the pickle")
        }
        var resolver = PickleResolver(machine) { (storage) throws(FormatError) in
            throw FormatError.malformed(bytes.source, "there is no storage \(FormatError.quoted(storage.key))")
        }
        return try resolver.value(of: result)
    }
}
