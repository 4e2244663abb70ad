import CairnRecipes

/// A recipe with a little of everything, whose lines the tests of mistakes change.
enum Sample {
    static let text = """
        name: sample
        title: "A sample"
        documents:
          - title: "Nobody 2020: Nothing"
        data:
          layout: folders
          train: {}
          validation: {share: 0.2}
          index: {}
          test: {}
          nonLandmarks: {labelled: false}
          source: "written for these tests"
        cleaning:
          - name: tight
            method: clusters
            eps: 0.3
            afterStage: first
            source: "written for these tests"
        models:
          - name: a
            backbone: resnet18
            pooling: {kind: gem, exponent: 3, learnsExponent: true}
            head: fc
            dimensions: 64
            input: {size: 224, fit: square}
            scales: [0.5, 1]
            source: "written for these tests"
          - name: b
            backbone: resnet50
            head: whitening
            dimensions: 128
            delg: {}
            source: "written for these tests"
        training:
          source: "written for these tests"
          stages:
            - name: first
              losses: [{kind: arcFace, margin: 0.3}]
              sizes: [64]
              epochs: 2
              source: "written for these tests"
            - name: second
              models: [b]
              data: tight
              losses: [softmax]
              delg: {}
              sizes: [64]
              epochs: 3
              augmentation:
                - {name: soft, steps: [horizontalFlip]}
                - {name: hard, fromEpoch: 2, steps: [cutout]}
              source: "written for these tests"
        descriptor:
          ensemble: [a, {model: b, weight: 2}]
          whitening: {kind: pca, dimensions: 100}
          source: "written for these tests"
        local:
          features: delg
          source: "written for these tests"
        search:
          local: voting
          source: "written for these tests"
        reranking:
          steps:
            - method: "alphaqe:n=5,alpha=3"
              source: "written for these tests"
            - method: "verify:n=50"
              source: "written for these tests"
        recognition:
          preset: suppressed
          source: "written for these tests"
        metrics:
          protocol: gldv2-retrieval
          figures: ["mAP@100"]
          source: "written for these tests"
        """

    /// The recipe of the sample with one piece of text replaced.
    static func recipe(_ old: String, _ new: String) throws -> Recipe {
        try Recipe(
            document: YAMLDocument(text: text.replacing(old, with: new, maxReplacements: 1), name: "sample.yaml"))
    }

    /// The line of the sample, from 1, that holds a piece of text.
    static func line(of piece: String) -> Int? {
        text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(piece) }.map { $0 + 1 }
    }
}
