/// The arrays of a saved model by name, found in whatever was saved around them.
///
/// The rule: as long as a dictionary holds no array itself but has, under `state_dict`, `model_state_dict`, `model`, `params`,
/// `params_ema` or `network` (the first of them counts), another dictionary, that one is looked at instead. From there on
/// dictionaries within dictionaries give names with dots between, and what is no array (an epoch, a learning rate) is left out.
public struct StateDictionary: Sendable {
    /// The arrays' names, in the order of the file.
    public private(set) var names: [String] = []

    /// The keys that led to the arrays, from outside in: `["state_dict"]`.
    public private(set) var path: [String] = []

    private var arrays: [String: NumericArray] = [:]

    private static let wrappers = ["state_dict", "model_state_dict", "model", "params", "params_ema", "network"]

    /// More than any model has. A pickle that refers to one dictionary many times over can unfold to many more.
    private static let maximumCount = 1_000_000

    /// Finds the arrays in what a file holds.
    ///
    /// - Throws: `unsupported` where there is no dictionary with arrays, `invalidInput` where two arrays have one name.
    public init(_ value: PickleValue) throws(FormatError) {
        guard var dictionary = value.dictionaryValue else {
            throw FormatError(.unsupported, "the file holds no dictionary of tensors; save a state_dict()")
        }
        while !dictionary.entries.contains(where: { $0.value.arrayValue != nil }),
            let key = Self.wrappers.first(where: { dictionary[$0]?.dictionaryValue != nil }),
            let inner = dictionary[key]?.dictionaryValue
        {
            path.append(key)
            dictionary = inner
        }
        var visited = 0
        try collect(dictionary, prefix: "", &visited)
        guard !names.isEmpty else {
            throw FormatError(
                .unsupported,
                "the file's dictionary has no tensors, only the keys "
                    + dictionary.stringKeys.prefix(8).map(FormatError.quoted).joined(separator: ", "))
        }
    }

    /// The array of that name, where it lies in the file.
    public func array(named name: String) throws(FormatError) -> NumericArray {
        guard let array = arrays[name] else {
            throw FormatError(.notFound, "there is no tensor \(FormatError.quoted(name)) among \(names.count)")
        }
        return array
    }

    private mutating func collect(
        _ dictionary: PickleDictionary, prefix: String, _ visited: inout Int
    ) throws(FormatError) {
        for entry in dictionary.entries {
            visited += 1
            guard visited <= Self.maximumCount, prefix.utf8.count < 1 << 12 else {
                throw FormatError(.limitExceeded, "the file's dictionaries unfold to more than any model has")
            }
            let key: String
            switch entry.key {
            case .string(let text): key = text
            case .integer(let number): key = String(number)
            default: continue
            }
            let name = prefix + key
            switch entry.value {
            case .array(let array):
                guard arrays.updateValue(array, forKey: name) == nil else {
                    throw FormatError(.invalidInput, "two tensors have the name \(FormatError.quoted(name))")
                }
                names.append(name)
            case .dictionary(let inner): try collect(inner, prefix: name + ".", &visited)
            default: continue
            }
        }
    }
}
