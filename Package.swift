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

  .target(
    name: "TestSupport", dependencies: ["Tensors", "NeuralNetworks"], path: "Tests/TestSupport",
    swiftSettings: common + precision),
  tests("NeuralNetworksTests", ["NeuralNetworks", "Tensors", "TestSupport"]),
  tests(
    "RankersTests",
    [
      "Rankers", "NeuralNetworks", "Tensors", "RankingData", "RankingEvaluation", "CXGBoost",
      "TestSupport",
    ],
    goldens: true),
]

let package = Package(name: "vitrine", dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")], targets: numericRooms + [] + [.executableTarget(name: "lab", dependencies: ["Rankers","NeuralNetworks","Tensors","RankingData","RankingEvaluation"], path: "Lab/lab", swiftSettings: common)], cLanguageStandard: .gnu11)
