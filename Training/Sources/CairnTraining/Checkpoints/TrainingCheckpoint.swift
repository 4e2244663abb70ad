import CairnCheckpoints
import CairnFormats
import CairnNN
import CairnTorch
import Foundation

/// A state of a run in one `.safetensors` file: weights, the losses' own, the optimiser's state and the moving average, each under
/// a prefix, and the position as JSON in the header.
///
/// The file appears when it is complete; a kill at any instant leaves the one before. Reading it runs no code.
struct TrainingCheckpoint {
    /// Where the run stands.
    var position: TrainingPosition
    /// Its line in the log.
    var record: CheckpointRecord
    /// A digest of the settings that numbers depend on; a run with others cannot go on from here.
    var settings: String
    /// Tensors by section and name.
    var sections: [Section: [(name: String, tensor: TorchTensor)]]

    /// Kinds of tensors. Raw values are prefixes of names.
    enum Section: String, CaseIterable {
        /// The network's parameters and buffers.
        case network
        /// Classifiers, learned scales, moving means of losses.
        case losses
        /// Momenta.
        case optimizer
        /// The moving average of weights.
        case average
    }

    private static let key = "cairn.training"

    private struct Header: Codable {
        var format = 1
        var settings: String
        var record: CheckpointRecord
        var position: TrainingPosition
    }

    private struct Version: Codable {
        var format: Int
    }

    /// Writes the file, replacing the one before.
    func write(to path: String) throws {
        var tensors: [(name: String, array: NumericArray)] = []
        for section in Section.allCases {
            for (name, tensor) in sections[section] ?? [] {
                tensors.append(
                    ("\(section.rawValue)/\(name)", NumericArray(try tensor.floats(), shape: tensor.shape.dimensions)))
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let header = String(
            decoding: try encoder.encode(Header(settings: settings, record: record, position: position)), as: UTF8.self)
        try SafetensorsFile.write(tensors, metadata: [Self.key: header], to: path)
    }

    /// Reads a file. Throws `TrainingError` for one that is no checkpoint of a run, or of another version.
    init(contentsOf path: String) throws {
        let file = try Checkpoint(contentsOf: path)
        guard let text = file.metadata[Self.key] else {
            throw TrainingError(.invalidInput, "\(path) is no state of a training run")
        }
        let header: Header
        do {
            let version = try JSONDecoder().decode(Version.self, from: Data(text.utf8))
            guard version.format == 1 else {
                throw TrainingError(.unsupported, "\(path) is of format \(version.format), and this build reads 1")
            }
            header = try JSONDecoder().decode(Header.self, from: Data(text.utf8))
        } catch let error as TrainingError {
            throw error
        } catch {
            throw TrainingError(.corrupted, "\(path) has a header that cannot be read", cause: error)
        }
        var sections: [Section: [(name: String, tensor: TorchTensor)]] = [:]
        for name in file.names {
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let section = Section(rawValue: parts[0]) else {
                throw TrainingError(.corrupted, "\(path) has “\(name)”, which belongs to no part of a run")
            }
            let array = try file.array(named: name)
            let tensor = try TorchTensor(array.floats(), shape: Shape(array.shape))
            sections[section, default: []].append((parts[1], tensor))
        }
        self.init(position: header.position, record: header.record, settings: header.settings, sections: sections)
    }

    /// Wraps the parts.
    init(
        position: TrainingPosition, record: CheckpointRecord, settings: String,
        sections: [Section: [(name: String, tensor: TorchTensor)]]
    ) {
        self.position = position
        self.record = record
        self.settings = settings
        self.sections = sections
    }
}
