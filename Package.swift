// swift-tools-version: 6.2
// The module map, with its levels, is drawn in Docs/Architecture.md: dependencies point down only.
import PackageDescription

/// Kernels are compiled for speed in every configuration: a debug build of a distance loop is 30 times slower.
let kernelSettings: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno", "-ffp-contract=off"])]

/// Where Debian keeps GLib's headers, which those of libvips include. Not through pkg-config: SwiftPM refuses its -pthread.
let glibSettings: [CSetting] = [
    .unsafeFlags([
        "-I/usr/include/glib-2.0", "-I/usr/lib/x86_64-linux-gnu/glib-2.0/include",
        "-I/usr/lib/aarch64-linux-gnu/glib-2.0/include",
    ])
]

/// Where Scripts/bootstrap unpacks OpenVINO. Built in place, programs find the libraries there; installed, beside themselves.
let openVINO = Context.packageDirectory + "/.deps/openvino"
let openVINOHeaders: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-I\(openVINO)/include"])]
let openVINOLibraries: [LinkerSetting] = [
    .unsafeFlags([
        "-L\(openVINO)/lib", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN", "-Xlinker", "-rpath", "-Xlinker",
        "\(openVINO)/lib",
    ])
]

/// Where Scripts/bootstrap unpacks LightGBM, found in the same ways.
let lightGBM = Context.packageDirectory + "/.deps/lightgbm/lib"
let lightGBMLibraries: [LinkerSetting] = [
    .unsafeFlags([
        "-L\(lightGBM)", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN", "-Xlinker", "-rpath", "-Xlinker", lightGBM,
    ])
]

/// Scripts/check sets this: in a check warnings are errors, for those who build on Cairn they are not.
let strict = Context.environment["CAIRN_WARNINGS_AS_ERRORS"] == "1"
let swiftSettings: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let package = Package(
    name: "Cairn",
    products: [
        .executable(name: "cairn", targets: ["CairnCLI"]),
        .library(name: "Cairn", targets: ["Cairn"]),
        // The parts, for those who need no collection; the benchmarks measure them one by one.
        .library(name: "CairnAlgebra", targets: ["CairnAlgebra"]),
        .library(name: "CairnCheckpoints", targets: ["CairnCheckpoints"]),
        .library(name: "CairnCleaning", targets: ["CairnCleaning"]),
        .library(name: "CairnCore", targets: ["CairnCore"]),
        .library(name: "CairnDatasets", targets: ["CairnDatasets"]),
        .library(name: "CairnEvaluation", targets: ["CairnEvaluation"]),
        .library(name: "CairnFeatures", targets: ["CairnFeatures"]),
        .library(name: "CairnFormats", targets: ["CairnFormats"]),
        .library(name: "CairnGeometry", targets: ["CairnGeometry"]),
        .library(name: "CairnImaging", targets: ["CairnImaging"]),
        .library(name: "CairnIndex", targets: ["CairnIndex"]),
        .library(name: "CairnInference", targets: ["CairnInference"]),
        .library(name: "CairnMetrics", targets: ["CairnMetrics"]),
        .library(name: "CairnModelLibrary", targets: ["CairnModelLibrary"]),
        .library(name: "CairnModels", targets: ["CairnModels"]),
        .library(name: "CairnNN", targets: ["CairnNN"]),
        .library(name: "CairnONNX", targets: ["CairnONNX"]),
        .library(name: "CairnRecipes", targets: ["CairnRecipes"]),
        .library(name: "CairnRecognition", targets: ["CairnRecognition"]),
        .library(name: "CairnRerank", targets: ["CairnRerank"]),
        .library(name: "CairnTerminal", targets: ["CairnTerminal"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // Level 0: C faces of native libraries, SIMD kernels, and the words every module shares.
        .target(name: "CImageCodecs", cSettings: kernelSettings + glibSettings),
        .target(name: "CKernels", cSettings: kernelSettings),
        .target(name: "CFeatures2D", cSettings: kernelSettings),
        .systemLibrary(name: "CLightGBM"),
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "COpenVINO"),
        .target(name: "CairnCore"),

        // Level 1: images, geometry, vector search, algebra, metrics, tensors, file formats, the terminal. None of them knows
        // another.
        .target(name: "CairnImaging", dependencies: ["CImageCodecs", "CairnCore"]),
        .target(name: "CairnGeometry", dependencies: ["CairnCore"]),
        .target(name: "CairnIndex", dependencies: ["CKernels", "CairnCore"]),
        .target(name: "CairnMetrics", dependencies: ["CairnCore"]),
        .target(
            name: "CairnAlgebra",
            dependencies: ["CKernels", "COpenBLAS", "CairnCore", .product(name: "Crypto", package: "swift-crypto")]),
        .target(name: "CairnNN", dependencies: ["CairnCore"]),
        .target(name: "CairnFormats", dependencies: ["CairnCore"]),
        .target(
            name: "CairnTerminal",
            dependencies: ["CairnCore", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

        // Level 2: architectures, graphs, the engine that runs them, checkpoints; data sets and the sample town.
        .target(name: "CairnModels", dependencies: ["CairnNN", "CairnCore"]),
        .target(
            name: "CairnONNX",
            dependencies: ["CairnNN", "CairnCore", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["Protobuf/onnx.proto"]),
        .target(
            name: "CairnInference", dependencies: ["COpenVINO", "CairnCore"], swiftSettings: openVINOHeaders,
            linkerSettings: openVINOLibraries),
        .target(name: "CairnCheckpoints", dependencies: ["CairnFormats", "CairnNN", "CairnCore"]),
        .target(
            name: "CairnDatasets", dependencies: ["CairnImaging", "CairnMetrics", "CairnFormats", "CairnCore"]),

        // Level 3: local features and their matching.
        .target(
            name: "CairnFeatures",
            dependencies: ["CFeatures2D", "CKernels", "CairnImaging", "CairnGeometry", "CairnIndex", "CairnCore"],
            resources: [.copy("Vocabularies")]),

        // Level 4: re-ranking, recognition, cleaning: on descriptors and evidence, wherever these come from; the folder of
        // models, which makes extractors of them.
        .target(name: "CairnRerank", dependencies: ["CairnAlgebra", "CairnCore"]),
        .target(
            name: "CairnRecognition",
            dependencies: [
                "CLightGBM", "CairnAlgebra", "CairnCore", .product(name: "Crypto", package: "swift-crypto"),
            ],
            linkerSettings: lightGBMLibraries),
        .target(name: "CairnCleaning", dependencies: ["CairnAlgebra", "CairnCore"]),
        .target(
            name: "CairnModelLibrary",
            dependencies: [
                "CairnFeatures", "CairnModels", "CairnONNX", "CairnInference", "CairnCheckpoints", "CairnFormats",
                "CairnNN", "CairnAlgebra", "CairnImaging", "CairnCore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        // Level 5: what recipes and ablations say; the collection, the one module that applications import.
        .target(
            name: "CairnRecipes",
            dependencies: [
                "CairnRerank", "CairnRecognition", "CairnModels", "CairnNN", "CairnCore",
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.copy("Recipes")]),
        .target(
            name: "Cairn",
            dependencies: [
                "CairnRerank", "CairnRecognition", "CairnCleaning", "CairnFeatures", "CairnAlgebra", "CairnIndex",
                "CairnGeometry", "CairnImaging", "CairnCore", "CKernels", "CImageCodecs",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
            ]),

        // Level 6: protocols run through the façade that users use, and reports.
        .target(
            name: "CairnEvaluation",
            dependencies: [
                "Cairn", "CairnRecipes", "CairnModelLibrary", "CairnModels", "CairnRerank", "CairnRecognition",
                "CairnCleaning", "CairnDatasets", "CairnMetrics", "CairnFeatures", "CairnAlgebra", "CairnFormats",
                "CairnIndex", "CairnGeometry", "CairnImaging", "CairnInference", "CairnNN",
                "CairnCore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        // Level 7: the command line.
        .executableTarget(
            name: "CairnCLI",
            dependencies: [
                "Cairn", "CairnEvaluation", "CairnRecipes", "CairnDatasets", "CairnFeatures", "CairnIndex",
                "CairnImaging",
                "CairnGeometry", "CairnModelLibrary", "CairnModels", "CairnInference", "CairnAlgebra", "CairnFormats",
                "CairnRerank", "CairnRecognition", "CairnCleaning", "CairnMetrics", "CairnTerminal", "CairnCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]),

        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(
            name: "CairnImagingTests", dependencies: ["CairnImaging", "CairnCore"], resources: [.copy("Fixtures")]),
        .testTarget(name: "CairnGeometryTests", dependencies: ["CairnGeometry", "CairnCore"]),
        .testTarget(name: "CairnIndexTests", dependencies: ["CairnIndex", "CairnCore"], exclude: ["Goldens"]),
        .testTarget(
            name: "CairnMetricsTests", dependencies: ["CairnMetrics", "CairnCore"], exclude: ["Fixtures"]),
        .testTarget(
            name: "CairnAlgebraTests", dependencies: ["CairnAlgebra", "CKernels", "CairnCore"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnTerminalTests",
            dependencies: [
                "CairnTerminal", "CairnCore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "CairnNNTests", dependencies: ["CairnNN", "CairnCore"]),
        .testTarget(
            name: "CairnFormatsTests", dependencies: ["CairnFormats", "CairnCore"], resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnCheckpointsTests", dependencies: ["CairnCheckpoints", "CairnFormats", "CairnNN", "CairnCore"]),
        .testTarget(
            name: "CairnInferenceTests", dependencies: ["CairnInference", "CairnCore"], resources: [.copy("Fixtures")],
            swiftSettings: openVINOHeaders),
        .testTarget(name: "CairnONNXTests", dependencies: ["CairnONNX", "CairnInference", "CairnNN", "CairnCore"]),
        .testTarget(
            name: "CairnModelsTests",
            dependencies: ["CairnModels", "CairnONNX", "CairnInference", "CairnNN", "CairnCore"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnModelLibraryTests",
            dependencies: [
                "CairnModelLibrary", "CairnModels", "CairnFormats", "CairnONNX", "CairnFeatures", "CairnImaging",
                "CairnNN", "CairnAlgebra", "CairnCheckpoints",
                "CairnCore",
            ]),
        .testTarget(
            name: "CairnDatasetsTests",
            dependencies: ["CairnDatasets", "CairnMetrics", "CairnFormats", "CairnImaging", "CairnCore"]),
        .testTarget(
            name: "CairnRecipesTests",
            dependencies: ["CairnRecipes", "CairnRerank", "CairnRecognition", "CairnModels", "CairnCore"]),
        .testTarget(
            name: "CairnFeaturesTests",
            dependencies: ["CairnFeatures", "CFeatures2D", "CKernels", "CairnGeometry", "CairnImaging", "CairnCore"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnRerankTests", dependencies: ["CairnRerank", "CairnAlgebra", "CairnCore"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnRecognitionTests",
            dependencies: ["CairnRecognition", "CairnAlgebra", "CairnMetrics", "CairnCore"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnCleaningTests", dependencies: ["CairnCleaning", "CairnAlgebra", "CairnCore"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnTests",
            dependencies: [
                "Cairn", "CairnRerank", "CairnRecognition", "CairnCleaning", "CairnFeatures", "CairnAlgebra",
                "CairnIndex",
                "CairnDatasets", "CairnImaging", "CairnCore", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "CairnEvaluationTests",
            dependencies: [
                "CairnEvaluation", "Cairn", "CairnRecipes", "CairnModelLibrary", "CairnDatasets", "CairnMetrics",
                "CairnAlgebra", "CairnFormats", "CairnRerank", "CairnImaging", "CairnCore",
            ]),
        .testTarget(
            name: "CairnCLITests",
            dependencies: [
                "CairnCLI", "CairnModelLibrary", "CairnDatasets", "CairnImaging", "CairnONNX", "CairnFormats",
                "CairnModels", "CairnNN", "CairnCore",
            ],
            exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)

for target in package.targets where target.name.hasPrefix("Cairn") {
    target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}
