// swift-tools-version: 6.2
// Training is a package of its own: it alone needs LibTorch, which serving never links.
import PackageDescription

/// Where Scripts/bootstrap unpacks LibTorch; another one, such as a CUDA machine's own, by its `torch` folder.
let torch = Context.environment["CAIRN_TORCH"] ?? Context.packageDirectory + "/.deps/torch"

/// LibTorch is written in C++20, and its headers are not meant to be read with warnings.
let torchHeaders: [CXXSetting] = [
    .unsafeFlags(["-isystem", "\(torch)/include", "-isystem", "\(torch)/include/torch/csrc/api/include"]),
    .headerSearchPath("gloo-interface"),
]

/// CUDA's half is opened by name where a machine has it, so that one executable serves both kinds. RPATH, unlike RUNPATH, also
/// serves libraries that LibTorch's own need. LibTorch stands by its path, not by its name: so it comes before OpenBLAS, which
/// modules of Cairn name. Both define BLAS; after OpenBLAS, LibTorch would multiply by that one's threads beside its own.
let torchLibraries: [LinkerSetting] = [
    .unsafeFlags([
        "\(torch)/lib/libtorch_cpu.so", "-L\(torch)/lib", "-Xlinker", "--disable-new-dtags", "-Xlinker", "-rpath",
        "-Xlinker", "$ORIGIN", "-Xlinker",
        "-rpath",
        "-Xlinker", "\(torch)/lib",
    ]), .linkedLibrary("c10"),
]

/// Scripts/check sets this: in a check warnings are errors, for those who build on Cairn they are not.
let strict = Context.environment["CAIRN_WARNINGS_AS_ERRORS"] == "1"
let swiftSettings: [SwiftSetting] = strict ? [.treatAllWarnings(as: .error)] : []

let package = Package(
    name: "CairnTraining",
    products: [
        .executable(name: "cairn-train", targets: ["CairnTrainCLI"]),
        .executable(name: "cairn-train-bench", targets: ["CairnTrainBench"]),
    ],
    dependencies: [
        .package(name: "Cairn", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        // LibTorch behind C, and behind CairnNN's tensors.
        .target(name: "CTorch", cxxSettings: torchHeaders, linkerSettings: torchLibraries),
        .target(
            name: "CairnTorch",
            dependencies: [
                "CTorch",
                .product(name: "CairnNN", package: "Cairn"),
                .product(name: "CairnFormats", package: "Cairn"),
                .product(name: "CairnCheckpoints", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
            ]),

        // Photos made batches: augmentation, mixing, sampling, loading. Without LibTorch.
        .target(
            name: "CairnTrainingData",
            dependencies: [
                .product(name: "CairnImaging", package: "Cairn"),
                .product(name: "CairnRecipes", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
            ]),

        // Losses, mining, optimisers, stages, long runs.
        .target(
            name: "CairnTraining",
            dependencies: [
                "CairnTorch", "CairnTrainingData",
                .product(name: "CairnAlgebra", package: "Cairn"),
                .product(name: "CairnCheckpoints", package: "Cairn"),
                .product(name: "CairnCleaning", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
                .product(name: "CairnDatasets", package: "Cairn"),
                .product(name: "CairnEvaluation", package: "Cairn"),
                .product(name: "CairnFeatures", package: "Cairn"),
                .product(name: "CairnFormats", package: "Cairn"),
                .product(name: "CairnImaging", package: "Cairn"),
                .product(name: "CairnInference", package: "Cairn"),
                .product(name: "CairnMetrics", package: "Cairn"),
                .product(name: "CairnModelLibrary", package: "Cairn"),
                .product(name: "CairnModels", package: "Cairn"),
                .product(name: "CairnNN", package: "Cairn"),
                .product(name: "CairnRecipes", package: "Cairn"),
                .product(name: "CairnTerminal", package: "Cairn"),
            ]),

        .executableTarget(
            name: "CairnTrainCLI",
            dependencies: [
                "CairnTraining", "CairnTorch",
                .product(name: "CairnRecipes", package: "Cairn"),
                .product(name: "CairnTerminal", package: "Cairn"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "CairnTrainBench",
            dependencies: [
                "CairnTraining", "CairnTrainingData", "CairnTorch",
                .product(name: "CairnModels", package: "Cairn"),
                .product(name: "CairnNN", package: "Cairn"),
                .product(name: "CairnRecipes", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .testTarget(
            name: "CairnTorchTests",
            dependencies: [
                "CairnTorch", "CTorch",
                .product(name: "CairnCheckpoints", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
                .product(name: "CairnFormats", package: "Cairn"),
                .product(name: "CairnModels", package: "Cairn"),
                .product(name: "CairnNN", package: "Cairn"),
            ],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "CairnTrainingDataTests",
            dependencies: [
                "CairnTrainingData",
                .product(name: "CairnImaging", package: "Cairn"),
                .product(name: "CairnRecipes", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "CairnTrainingTests",
            dependencies: [
                "CairnTraining", "CairnTrainingData", "CairnTorch",
                .product(name: "CairnAlgebra", package: "Cairn"),
                .product(name: "CairnCheckpoints", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
                .product(name: "CairnImaging", package: "Cairn"),
                .product(name: "CairnModelLibrary", package: "Cairn"),
                .product(name: "CairnModels", package: "Cairn"),
                .product(name: "CairnNN", package: "Cairn"),
                .product(name: "CairnRecipes", package: "Cairn"),
                .product(name: "CairnTerminal", package: "Cairn"),
            ],
            resources: [.copy("Fixtures")]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + swiftSettings
}
