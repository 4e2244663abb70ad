/// Everything in Python that a pickle may name here. None of it is code: each is a way of writing data down.
enum PickleGlobal: Equatable {
    /// `collections.OrderedDict`.
    case orderedDictionary
    /// `set` and `frozenset`, which protocols below 4 call.
    case set
    /// `bytes` and `bytearray`, which protocols below 3 and 5 call.
    case bytes
    /// `_codecs.encode`: how protocol 2 writes bytes, as text of Latin 1.
    case encode
    /// `torch.Size`.
    case size
    /// `torch.device`.
    case device
    /// `torch._utils._rebuild_tensor` and its second and third version.
    case rebuildTensor(version: Int)
    /// `torch._utils._rebuild_parameter`.
    case rebuildParameter
    /// A storage's class. The untyped one has bytes, which the tensor's own type interprets.
    case storage(ElementType?)
    /// A type such as `torch.float32`.
    case torchType(ElementType, String)
    /// `numpy.ndarray`.
    case numpyArray
    /// `numpy.dtype`.
    case numpyType
    /// `numpy.core.multiarray._reconstruct`: an array without content, which follows.
    case numpyReconstruct
    /// `numpy.core.multiarray.scalar`.
    case numpyScalar
    /// `numpy.core.numeric._frombuffer`, of protocol 5.
    case numpyFromBuffer

    /// Finds what `module.name` means.
    ///
    /// - Throws: `unsupported`, with the name, for everything else.
    init(module: String, name: String, source: String) throws(FormatError) {
        guard let known = Self.known["\(module).\(name)"] else {
            let hint =
                module.hasPrefix("torch.nn") || module.hasPrefix("__main__") || module.hasPrefix("models")
                ? "it holds a whole model; save its state_dict() instead" : "only plain data and tensors are read"
            throw FormatError(
                .unsupported, "\(source) asks for \(FormatError.quoted("\(module).\(name)")), which is refused: \(hint)"
            )
        }
        self = known
    }

    private static let known: [String: PickleGlobal] = {
        var known: [String: PickleGlobal] = [
            "collections.OrderedDict": .orderedDictionary,
            "_codecs.encode": .encode,
            "torch.Size": .size,
            "torch.device": .device,
            "torch._utils._rebuild_tensor": .rebuildTensor(version: 1),
            "torch._utils._rebuild_tensor_v2": .rebuildTensor(version: 2),
            "torch._utils._rebuild_tensor_v3": .rebuildTensor(version: 3),
            "torch._utils._rebuild_parameter": .rebuildParameter,
            "torch.storage.UntypedStorage": .storage(nil),
            "numpy.ndarray": .numpyArray,
            "numpy.dtype": .numpyType,
        ]
        for module in ["builtins", "__builtin__"] {
            known["\(module).set"] = .set
            known["\(module).frozenset"] = .set
            known["\(module).bytes"] = .bytes
            known["\(module).bytearray"] = .bytes
        }
        // NumPy 2 moved its inside.
        for core in ["numpy.core", "numpy._core"] {
            known["\(core).multiarray._reconstruct"] = .numpyReconstruct
            known["\(core).multiarray.scalar"] = .numpyScalar
            known["\(core).numeric._frombuffer"] = .numpyFromBuffer
        }
        let storages: [(String, ElementType)] = [
            ("Half", .float16), ("BFloat16", .bfloat16), ("Float", .float32), ("Double", .float64), ("Char", .int8),
            ("Short", .int16), ("Int", .int32), ("Long", .int64), ("Byte", .uint8), ("Bool", .bool),
        ]
        for (name, type) in storages {
            known["torch.\(name)Storage"] = .storage(type)
            known["torch.cuda.\(name)Storage"] = .storage(type)
        }
        for type in ElementType.allCases { known["torch.\(type.rawValue)"] = .torchType(type, type.rawValue) }
        return known
    }()
}
