import CairnRecipes
import Foundation

/// A recipe that trains in seconds: a small network, photos of 32 pixels.
enum SmallRecipe {
    /// The recipe, with settings changed.
    static func make(_ overrides: [String] = []) throws -> Recipe {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("small-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try write(to: file)
        return try RecipeLibrary.recipe(file.path, overrides: overrides)
    }

    /// The recipe as a file.
    static func write(to file: URL) throws { try text.write(to: file, atomically: true, encoding: .utf8) }

    private static let text = """
        name: small
        title: "A small network on small photos"
        documents: [{title: "Made for tests"}]
        data:
          layout: folders
          train: {}
          validation: {subset: validation}
          index: {subset: validation}
          test: {subset: validation}
          source: "made for tests"
        models:
          - name: net
            backbone: resnet18
            head: fc
            dimensions: 16
            input: 32
            source: "made for tests"
        training:
          source: "made for tests"
          seed: 3
          validation: {part: validation, figure: "mAP@100"}
          stages:
            - name: only
              losses: [{kind: arcFace, scale: 16, margin: 0.1}]
              start: random
              augmentation: [{name: soft, steps: [{kind: randomResizedCrop, area: [0.6, 1]}, horizontalFlip]}]
              optimizer: {kind: sgd, learningRate: 0.05, momentum: 0.9}
              schedule: {kind: cosine}
              sizes: [32]
              epochs: 2
              batchSize: 8
              source: "made for tests"
        descriptor: {source: "made for tests"}
        search: {global: exact, depth: 100, source: "made for tests"}
        metrics: {protocol: standard, source: "made for tests"}
        """
}
