// swift-tools-version: 6.2
import PackageDescription

// The manifest is data: one row per room, in the order of the layering. A room imports only rooms
// above it; `tools/checks/layering` holds the imports in the sources against this table.

/// Gradient checks need more digits than a `Float` has, so the numeric rooms also build with
/// `Scalar == Double` (see `tools/test`). The product is always built without this variable.
let doublePrecision = Context.environment["VITRINE_DOUBLE_PRECISION"] != nil

let common: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The C headers choose their scalar by the same name, so the importer must see it too.
let precision: [SwiftSetting] =
  doublePrecision
  ? [.define("DOUBLE_PRECISION"), .unsafeFlags(["-Xcc", "-DDOUBLE_PRECISION"])] : []

/// `Tensor.span` returns a view that borrows its tensor, which needs this experimental feature.
let lifetimes: [SwiftSetting] = [.enableExperimentalFeature("Lifetimes")]

/// Rooms that touch no C promise it to the compiler.
let safe: [SwiftSetting] = [.strictMemorySafety()]

extension Target.Dependency {
  static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
  static let crypto = product(name: "Crypto", package: "swift-crypto")
  static let yams = product(name: "Yams", package: "Yams")
}

func system(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func room(
  _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: common + precision + settings)
}

/// Goldens are read from where they lie, so they are no resources.
func tests(_ name: String, _ dependencies: [Target.Dependency], goldens: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: goldens ? ["Golden"] : [],
    swiftSettings: common + precision)
}

let kernels: Target = .target(
  name: "CKernels", cSettings: doublePrecision ? [.define("DOUBLE_PRECISION")] : [])

let numericRooms: [Target] = [
  system("CDNNL", apt: "libdnnl-dev"),
  system("CLinux", apt: "linux-libc-dev"),
  system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
  system("CXGBoost", apt: "libxgboost-dev"),
  kernels,
  room("Tensors", ["CDNNL", "CLinux", "CKernels"], lifetimes),
  room("NeuralNetworks", ["Tensors"], safe),
  room("RankingData", ["CZlib", .yams], safe),
  room("RankingEvaluation", [], safe),
  room(
    "Rankers",
    [
      "NeuralNetworks", "Tensors", "RankingData", "RankingEvaluation", "CXGBoost", "CKernels",
    ], safe),
  room("Slates", ["NeuralNetworks", "Tensors", "RankingData", "CKernels"], safe),

  .target(
    name: "TestSupport", dependencies: ["Tensors", "NeuralNetworks"], path: "Tests/TestSupport",
    swiftSettings: common + precision),
  tests("TensorsTests", ["Tensors", "CKernels", "TestSupport"]),
  tests("NeuralNetworksTests", ["NeuralNetworks", "Tensors", "TestSupport"]),
  tests(
    "RankersTests",
    [
      "Rankers", "NeuralNetworks", "Tensors", "RankingData", "RankingEvaluation", "CXGBoost",
      "TestSupport",
    ],
    goldens: true),
  tests(
    "SlatesTests", ["Slates", "NeuralNetworks", "Tensors", "RankingData", "TestSupport"],
    goldens: true),
]

let otherRooms: [Target] = [
  system("CJPEG", pkgConfig: "libjpeg", apt: "libjpeg-dev"),
  system("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
  system("CLMDB", pkgConfig: "lmdb", apt: "liblmdb-dev"),
  .target(name: "CImageCodecs", dependencies: ["CJPEG", "CPNG"]),
  room("Images", ["CImageCodecs", "CKernels", .crypto]),
  room("FeatureCache", ["CLMDB", "CKernels", .crypto]),
  room(
    "VisualEncoder",
    ["Images", "NeuralNetworks", "Tensors", "FeatureCache", "CKernels", .crypto]),
  room(
    "Vitrine",
    [
      "Images", "Tensors", "NeuralNetworks", "FeatureCache", "VisualEncoder", "RankingData",
      "RankingEvaluation", "Rankers", "Slates", .crypto,
    ], safe),
  .executableTarget(
    name: "VitrineCLI", dependencies: ["Vitrine", .argumentParser],
    swiftSettings: common + safe),

  .target(name: "FileSupport", path: "Tests/FileSupport", swiftSettings: common),
  tests("ImagesTests", ["Images", .crypto], goldens: true),
  tests("FeatureCacheTests", ["FeatureCache"]),
  tests(
    "VisualEncoderTests",
    ["VisualEncoder", "Images", "Tensors", "NeuralNetworks", "FeatureCache", "FileSupport"],
    goldens: true),
  tests("RankingDataTests", ["RankingData"], goldens: true),
  tests(
    "RankingEvaluationTests", ["RankingEvaluation"], goldens: true),
  tests(
    "VitrineTests",
    [
      "Vitrine", "VisualEncoder", "Images", "Tensors", "NeuralNetworks", "RankingEvaluation",
      "FileSupport",
    ]),
  tests("VitrineCLITests", ["VitrineCLI", "FileSupport"]),
]

let package = Package(
  name: "vitrine",
  products: doublePrecision
    ? []
    : [
      .library(name: "Vitrine", targets: ["Vitrine"]),
      .executable(name: "vitrine", targets: ["VitrineCLI"]),
    ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: doublePrecision ? numericRooms : numericRooms + otherRooms,
  cLanguageStandard: .gnu11
)
