import CairnAlgebra
import CairnCheckpoints
import CairnCore
import CairnImaging
import CairnModelLibrary
import CairnModels
import CairnRecipes
import CairnTorch
import Foundation
import Testing

@testable import CairnTraining

extension RunSuites {
    @Suite("Photos described in training") struct PhotoDescriberTests {
        /// Photos of several sizes and shapes, smaller and larger than what networks look at.
        private static let sizes = [(160, 120), (90, 200), (128, 128), (64, 100), (300, 131)]

        private func makePhotos() throws -> (folder: URL, paths: [String]) {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "cairn-views-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let paths = try Self.sizes.enumerated().map { number, size in
                let pixels = (0..<size.0 * size.1 * 3).map { index in
                    let (x, y) = (Double(index / 3 % size.0), Double(index / 3 / size.0))
                    let phase = Double(index % 3 + number)
                    return UInt8(127 + 60 * sin(x / 9 + phase) + 60 * cos(y / (5 + phase)))
                }
                let image = RGBImage(size: ImageSize(width: size.0, height: size.1), pixels: pixels)
                let path = folder.appendingPathComponent("\(number).jpg")
                try image.encodeJPEG(quality: 95).write(to: path)
                return path.path
            }
            return (folder, paths)
        }

        private static let plain = ["models.0.input=112"]
        private static let delg = [
            "models.0.head=whitening", "models.0.delg={localDimensions: 8, attentionChannels: 16}",
            "training.stages.0.delg={}", "models.0.input=112",
        ]
        private static let scaled = [
            "models.0.input={size: 144, fit: shortSide, normalization: half}",
            "models.0.scales=[0.70710678, 1, 1.41421356]",
        ]
        private static let squared = ["models.0.input={size: 104, fit: square, normalization: unit}"]
        private static let multiples = [
            "models.0.backbone=tf_efficientnet_b0", "models.0.input=140",
            "training.stages.0.optimizer.learningRate=0.0001",
        ]

        @Test(
            "Descriptors are those of the model that is served, as a checkpoint and as a graph",
            arguments: [plain, delg, scaled, squared, multiples])
        func servedModel(overrides: [String]) async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            let run = SmallRun()
            let (folder, paths) = try makePhotos()
            defer {
                photos.remove()
                run.remove()
                try? FileManager.default.removeItem(at: folder)
            }
            let quick = ["training.stages.0.epochs=1", "training.stages.0.batchSize=4"]
            let recipe = try SmallRecipe.make(overrides + quick)
            try await run.train(recipe, photos)
            let network = try trained(recipe.models[0], run)
            let (own, unreadable) = try PhotoDescriber(network: network, device: .cpu).describe(paths)
            #expect(unreadable.isEmpty)

            let library = ModelLibrary(path: folder.appendingPathComponent("models").path)
            let runtime = try ModelRuntime(precision: .float32, cacheDirectory: nil)
            let export = try TrainedModelExport(run: run.folder, isLast: true)
            var addition = ModelAddition(file: folder.appendingPathComponent("mine.safetensors").path, name: "mine")
            _ = try export.write(to: addition.file)
            addition.kind = .global
            _ = try library.add(addition, runtime: runtime)
            let served = try library.globalModel(named: "mine", runtime: runtime).descriptors(ofPhotosAt: paths)
            for (row, descriptor) in served.enumerated() {
                #expect(try greatestDifference(descriptor.get(), Array(own[row])) < 1e-4, "\(Self.sizes[row])")
            }
        }

        @Test("A graph that is written gives what the network gives", arguments: [plain, delg, multiples])
        func graph(overrides: [String]) async throws {
            let photos = try SmallPhotos(classes: 3, heldOut: 2, photos: 3)
            let run = SmallRun()
            let (folder, paths) = try makePhotos()
            defer {
                photos.remove()
                run.remove()
                try? FileManager.default.removeItem(at: folder)
            }
            let recipe = try SmallRecipe.make(
                overrides + ["training.stages.0.epochs=1", "training.stages.0.batchSize=4"])
            try await run.train(recipe, photos)
            let (own, _) = try PhotoDescriber(network: trained(recipe.models[0], run), device: .cpu).describe(paths)
            let library = ModelLibrary(path: folder.appendingPathComponent("models").path)
            let runtime = try ModelRuntime(precision: .float32, cacheDirectory: nil)
            var addition = ModelAddition(file: folder.appendingPathComponent("mine.onnx").path, name: "graph")
            _ = try TrainedModelExport(run: run.folder, isLast: true).write(to: addition.file)
            addition.kind = .global
            addition.longSide = recipe.models[0].input.size
            _ = try library.add(addition, runtime: runtime)
            let served = try library.globalModel(named: "graph", runtime: runtime)
            // Graphs know nothing of multiples: the square photo has sides that need no rounding.
            let rows = recipe.models[0].backbone == "resnet18" ? Array(paths.indices) : []
            let descriptors = served.descriptors(ofPhotosAt: paths)
            for row in rows {
                #expect(try greatestDifference(descriptors[row].get(), Array(own[row])) < 1e-4, "\(Self.sizes[row])")
            }
        }

        @Test("A photo that cannot be read is named, and has a row of zeros; the order and batches do not matter")
        func unreadable() throws {
            let (folder, paths) = try makePhotos()
            defer { try? FileManager.default.removeItem(at: folder) }
            let broken = folder.appendingPathComponent("broken.jpg").path
            try Data("no photo".utf8).write(to: URL(fileURLWithPath: broken))
            let model = try SmallRecipe.make().models[0]
            let network = try TrainableNetwork(model: model, parameters: TorchParameters(seed: 1, device: .cpu))
            var describer = PhotoDescriber(network: network, device: .cpu)
            let all = [paths[0], broken] + paths[1...] + [folder.path + "/none.jpg", paths[0]]
            let (rows, unreadable) = try describer.describe(all)
            #expect(unreadable.map(\.path) == [broken, folder.path + "/none.jpg"])
            #expect(rows.count == all.count && rows.dimensions == 16)
            #expect(rows[1].allSatisfy { $0 == 0 } && rows[6].allSatisfy { $0 == 0 })
            for row in [0, 2, 3, 4, 5, 7] { #expect(abs(rows[row].map { $0 * $0 }.reduce(0, +) - 1) < 1e-5) }
            #expect(greatestDifference(Array(rows[0]), Array(rows[7])) < 1e-6)
            describer.batchSize = 1
            describer.workers = 1
            let (alone, _) = try describer.describe(all)
            #expect(greatestDifference(rows.values, alone.values) < 1e-5)
            let (none, _) = try describer.describe([])
            #expect(none.count == 0)
        }

        @Test("A network is as it was after it has described: training goes on in training")
        func phase() throws {
            let model = try SmallRecipe.make().models[0]
            let network = try TrainableNetwork(model: model, parameters: TorchParameters(seed: 1, device: .cpu))
            network.parameters.phase.isTraining = true
            let images = try TorchTensor([Float](repeating: 0.5, count: 2 * 3 * 32 * 32), shape: [2, 3, 32, 32])
            _ = try network.descriptors(images)
            #expect(network.parameters.phase.isTraining)
        }

        /// The last epoch's model, read from its file.
        private func trained(_ model: RecipeModel, _ run: SmallRun) throws -> TrainableNetwork {
            let weights = StartingWeights(file: run.file("last.safetensors").path)
            return try TrainableNetwork(model: model, parameters: weights.parameters(of: model, seed: 99, device: .cpu))
        }

        private func greatestDifference(_ first: [Float], _ second: [Float]) -> Float {
            guard first.count == second.count else { return .infinity }
            return zip(first, second).map { abs($0 - $1) }.max() ?? 0
        }
    }
}
