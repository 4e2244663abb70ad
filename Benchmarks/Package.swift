// swift-tools-version: 6.2
// Benchmarks are a package of their own: nobody who uses Cairn builds them.
import PackageDescription

let package = Package(
    name: "CairnBenchmarks",
    products: [.executable(name: "cairn-bench", targets: ["CairnBench"])],
    dependencies: [
        .package(name: "Cairn", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    ],
    targets: [
        .executableTarget(
            name: "CairnBench",
            dependencies: [
                .product(name: "Cairn", package: "Cairn"),
                .product(name: "CairnCore", package: "Cairn"),
                .product(name: "CairnDatasets", package: "Cairn"),
                .product(name: "CairnFeatures", package: "Cairn"),
                .product(name: "CairnGeometry", package: "Cairn"),
                .product(name: "CairnImaging", package: "Cairn"),
                .product(name: "CairnIndex", package: "Cairn"),
                .product(name: "CairnInference", package: "Cairn"),
                .product(name: "CairnModelLibrary", package: "Cairn"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
