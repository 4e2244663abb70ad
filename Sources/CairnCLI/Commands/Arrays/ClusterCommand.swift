import ArgumentParser
import CairnAlgebra
import CairnCleaning
import CairnCore
import CairnFormats
import CairnTerminal
import Foundation

struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Group descriptors by density (DBSCAN, cosine distance).",
        discussion: """
            Rows need not be of unit length. Labels are 64-bit integers, one a row: the cluster's number from 0, or -1 \
            for noise. They are those of scikit-learn's DBSCAN with metric="cosine".

            EXAMPLES
              cairn cluster --features x.npy --eps 0.3 --min-samples 3 -o labels.npy
              cairn cluster --features x.fvecs --eps 0.2 --json
            """)

    @Option(help: ArgumentHelp("Descriptors, one a row: .npy or .fvecs.", valueName: "file"))
    var features: String

    @Option(
        help: ArgumentHelp("The largest cosine distance of neighbours, above 0 and at most 2.", valueName: "distance"))
    var eps = DBSCAN().eps

    @Option(
        help: ArgumentHelp(
            "Rows within that distance, itself included, that make a row a core row.", valueName: "count"))
    var minSamples = DBSCAN().minSamples

    @Option(name: .shortAndLong, help: ArgumentHelp("The .npy file of labels to write.", valueName: "file"))
    var output: String?

    @Flag(help: "Print the number of clusters, their sizes and the noise as JSON.")
    var json = false

    func validate() throws {
        guard json || output != nil else {
            throw ValidationError("Say where the labels go: -o FILE writes them, --json prints a summary.")
        }
        guard eps > 0, eps <= 2 else {
            throw ValidationError("--eps is \(eps); it must be above 0 and at most 2.")
        }
        guard minSamples >= 1 else {
            throw ValidationError("--min-samples is \(minSamples); it must be at least 1.")
        }
        if let output, (output as NSString).pathExtension.lowercased() != "npy" {
            throw ValidationError("--output is \(output); its name must end in .npy.")
        }
    }

    func run() throws {
        if let output { try OutputFile.requireFolder(of: output) }
        let matrix = try matrix()
        let clock = ContinuousClock()
        let start = clock.now
        let clustering = try DBSCAN(eps: eps, minSamples: minSamples).cluster(matrix)
        let seconds = (clock.now - start) / .seconds(1)
        if let output { try NPYFile.write(NumericArray(clustering.labels.map(Int64.init)), to: output) }
        let count = clustering.labels.count
        if json {
            try Console.printJSON(
                Summary(
                    rows: count, clusters: clustering.clusterCount, noise: clustering.noiseCount,
                    sizes: clustering.sizes, eps: eps, minSamples: minSamples, seconds: seconds))
        } else {
            Console.note(
                "\(count) rows: \(clustering.clusterCount) clusters, \(clustering.noiseCount) rows of noise → \(output ?? "")"
            )
        }
    }

    /// The descriptors of the file, all finite.
    private func matrix() throws -> DescriptorMatrix {
        let isNPY = (features as NSString).pathExtension.lowercased() == "npy"
        let array = try isNPY ? NPYFile.read(contentsOf: features) : VectorFile.read(contentsOf: features)
        guard array.shape.count == 2 else {
            throw CommandError(
                kind: .invalidInput,
                message: "\(features) has the shape \(array.shape); descriptors are a matrix, one a row")
        }
        let dimensions = array.shape[1]
        // An empty .fvecs file does not say how long its vectors are; nothing depends on it.
        guard (1...DescriptorMatrix.maximumDimensions).contains(dimensions) || array.shape[0] == 0 else {
            throw CommandError(
                kind: .invalidInput,
                message:
                    "\(features) has rows of \(dimensions) numbers; 1 to \(DescriptorMatrix.maximumDimensions) can be")
        }
        let matrix = try DescriptorMatrix(values: array.floats(), dimensions: max(1, dimensions))
        try matrix.requireFinite(features)
        return matrix
    }

    /// What `--json` prints.
    private struct Summary: Encodable {
        var rows: Int
        var clusters: Int
        var noise: Int
        /// Rows in each cluster, by number.
        var sizes: [Int]
        var eps: Double
        var minSamples: Int
        /// Of the clustering alone, without files.
        var seconds: Double
    }
}
