// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "rankers-benchmark",
  dependencies: [.package(name: "vitrine", path: "../../..")],
  targets: [
    .executableTarget(
      name: "RankersBenchmark", dependencies: [.product(name: "Vitrine", package: "vitrine")],
      swiftSettings: [
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  cLanguageStandard: .gnu11
)
