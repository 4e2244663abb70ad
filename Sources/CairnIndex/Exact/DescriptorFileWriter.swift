import CKernels
import CairnCore

/// Writes a descriptor file image by image, with flat memory. It appears complete and durable on `commit()`, or not at all.
public struct DescriptorFileWriter: ~Copyable {
    private var header: DescriptorFileHeader
    private let file: OutputFile
    private let path: String
    private var sections: [OutputSection]
    private var codes: [UInt8]
    private var last: UInt32?
    private var written = 0

    /// Begins a file whose number of images is known.
    ///
    /// - Parameters:
    ///   - path: Where to write; a file there is replaced on `commit()`.
    ///   - count: How many images will come; none at all is allowed.
    ///   - dimensions: Values of every descriptor, within `DescriptorFile.dimensionRange`.
    ///   - modelDigest: The SHA-256 of what the descriptors are made with.
    /// - Throws: `IndexError` when an argument is out of range or the file cannot be created.
    public init(path: String, count: Int, dimensions: Int, modelDigest: [UInt8]) throws(IndexError) {
        guard DescriptorFile.dimensionRange.contains(dimensions) else {
            throw IndexError(
                .invalidArgument,
                "descriptors of \(dimensions) dimensions cannot be stored; give "
                    + "\(DescriptorFile.dimensionRange.lowerBound) to \(DescriptorFile.dimensionRange.upperBound)")
        }
        guard modelDigest.count == DescriptorFile.digestByteCount else {
            throw IndexError(
                .invalidArgument,
                "a model's digest has \(DescriptorFile.digestByteCount) bytes, not \(modelDigest.count)")
        }
        guard (0...1 << 32).contains(count) else {
            throw IndexError(.invalidArgument, "a descriptor file cannot have \(count) images")
        }
        try self.init(
            header: DescriptorFileHeader(dimensions: dimensions, imageCount: count, modelDigest: modelDigest),
            path: path)
    }

    init(header: DescriptorFileHeader, path: String) throws(IndexError) {
        self.header = header
        self.path = path
        let file = try OutputFile(path: path)
        try file.resize(to: header.fileByteCount)
        self.file = file
        sections = DescriptorFileHeader.Section.allCases.map {
            OutputSection(of: file, at: header.range(of: $0).lowerBound)
        }
        codes = Array(repeating: 0, count: header.stride)
    }

    /// Adds the next image.
    ///
    /// - Parameters:
    ///   - image: A greater number than every one before.
    ///   - descriptor: A vector of length 1.
    /// - Throws: `IndexError` when images do not ascend, more come than were announced, the descriptor has another number
    ///   of values, one that is not a number or infinite, or another length than 1; or when writing fails.
    public mutating func append(_ image: ImageID, descriptor: UnsafeBufferPointer<Float>) throws(IndexError) {
        try admit(image)
        guard descriptor.count == header.dimensions, let values = descriptor.baseAddress else {
            throw IndexError(
                .invalidArgument,
                "the descriptor of image \(image) has \(descriptor.count) values; \(path) has \(header.dimensions)")
        }
        let code = cairn_scan_encode_row(values, header.dimensions, &codes)
        if let problem = DescriptorFile.problem(squaredNorm: code.squared_norm) {
            throw IndexError(.invalidArgument, "the descriptor of image \(image) \(problem)")
        }
        try append(image.rawValue, to: .images)
        try append(code.scale.bitPattern, to: .scales)
        try append(code.residual.bitPattern, to: .residuals)
        let codes = codes
        try codes.withUnsafeBufferPointer { (bytes) throws(IndexError) in
            try append(UnsafeRawBufferPointer(bytes), to: .codes)
        }
        try append(UnsafeRawBufferPointer(descriptor), to: .vectors)
    }

    /// Adds the next image; see the form for pointers.
    public mutating func append(_ image: ImageID, descriptor: [Float]) throws(IndexError) {
        try descriptor.withUnsafeBufferPointer { (values) throws(IndexError) in
            try append(image, descriptor: values)
        }
    }

    /// Adds an image of another file as it lies there.
    mutating func append(slot: Int, of other: DescriptorFile) throws(IndexError) {
        try admit(ImageID(other.imageNumbers[slot]))
        for section in DescriptorFileHeader.Section.allCases {
            try append(other.bytes(of: section, at: slot), to: section)
        }
    }

    /// Checksums everything, makes it durable and gives the file its name.
    ///
    /// - Throws: `IndexError` when fewer images came than were announced, or writing fails.
    public consuming func commit() throws(IndexError) {
        guard written == header.imageCount else {
            throw IndexError(
                .invalidArgument, "\(written) images were added to \(path) where \(header.imageCount) were announced")
        }
        for i in sections.indices { try sections[i].flush() }
        let layout = header
        header.checksums = try file.written().withBytes { (written) throws(IndexError) in
            DescriptorFileHeader.Section.allCases.map {
                Checksum.of(UnsafeRawBufferPointer(rebasing: written[layout.range(of: $0)]))
            }
        }
        let bytes = header.encoded()
        let file = file
        try bytes.withUnsafeBufferPointer { (content) throws(IndexError) in
            try file.write(UnsafeRawBufferPointer(content), at: 0)
        }
        try file.commit()
    }

    private mutating func admit(_ image: ImageID) throws(IndexError) {
        if let last, last >= image.rawValue {
            throw IndexError(
                .invalidArgument, "image \(image) follows \(last); give images in ascending order, each once")
        }
        guard written < header.imageCount else {
            throw IndexError(
                .invalidArgument,
                "\(path) was announced to have \(header.imageCount) images; image \(image) is one more")
        }
        last = image.rawValue
        written += 1
    }

    private mutating func append(
        _ value: UInt32, to section: DescriptorFileHeader.Section
    ) throws(IndexError) {
        try sections[section.rawValue].append(value)
    }

    private mutating func append(
        _ bytes: UnsafeRawBufferPointer, to section: DescriptorFileHeader.Section
    ) throws(IndexError) {
        try sections[section.rawValue].append(bytes)
    }
}

extension DescriptorFile {
    /// Writes a new file. It appears complete and durable, or not at all; an existing one is replaced.
    ///
    /// - Parameters:
    ///   - descriptors: Images with their descriptors, ascending by number. None at all is allowed.
    ///   - dimensions: Values of every descriptor.
    ///   - modelDigest: The SHA-256 of what the descriptors are made with.
    ///   - path: Where to write.
    /// - Throws: `IndexError`, as `DescriptorFileWriter` does.
    public static func write(
        _ descriptors: [(ImageID, [Float])], dimensions: Int, modelDigest: [UInt8], to path: String
    ) throws(IndexError) {
        var writer = try DescriptorFileWriter(
            path: path, count: descriptors.count, dimensions: dimensions, modelDigest: modelDigest)
        for (image, descriptor) in descriptors { try writer.append(image, descriptor: descriptor) }
        try writer.commit()
    }

    /// What is wrong with a vector of this squared length, or `nil`; reads behind "the descriptor".
    static func problem(squaredNorm: Double) -> String? {
        guard squaredNorm.isFinite else { return "has a value that is not a number, or infinite" }
        guard squaredNorm > 0 else { return "is zero, and so like no other" }
        let norm = squaredNorm.squareRoot()
        guard abs(norm - 1) <= normTolerance else { return "has length \(Float(norm)); divide it by that" }
        return nil
    }
}
