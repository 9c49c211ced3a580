import FeatureCache
import Foundation

/// A folder that is removed with its owner.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "vitrine-cache-\(UUID().uuidString)"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
  }

  /// Every file below the folder, by its relative path.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: file($0), isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  func copy(to other: TemporaryFolder) throws {
    try? FileManager.default.removeItem(atPath: other.path)
    try FileManager.default.copyItem(atPath: path, toPath: other.path)
  }
}

func descriptor(
  width: Int = 8, _ type: FeatureCacheDescriptor.ElementType = .float16, encoder: String = "e1",
  categoryInKey: Bool = false
) -> FeatureCacheDescriptor {
  FeatureCacheDescriptor(
    width: width, elementType: type, encoder: encoder, preprocessing: "p1", precision: "fp32",
    categoryInKey: categoryInKey)
}

/// The key of the numbered test image.
func key(_ number: Int, _ descriptor: FeatureCacheDescriptor = descriptor()) -> FeatureKey {
  let image = (0..<32).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 % 4)) &+ $0) }
  return FeatureKey(image: image, category: nil, descriptor: descriptor)
}

/// A vector that half precision holds exactly, different for each number below 2000.
func vector(_ number: Int, width: Int = 8) -> [Float] {
  (0..<width).map { Float((number * 31 + $0 * 17) % 2001 - 1000) / 16 }
}

func row(_ number: Int, _ descriptor: FeatureCacheDescriptor = descriptor()) -> FeatureRow {
  FeatureRow(
    key: key(number, descriptor), items: ["item\(number)"],
    vector: vector(number, width: descriptor.width))
}

/// Creates a cache with one shard per range.
@discardableResult
func fill(
  _ folder: TemporaryFolder, _ ranges: [Range<Int>],
  _ descriptor: FeatureCacheDescriptor = descriptor()
) throws -> FeatureCache {
  let cache = try FeatureCache.create(at: folder.path, descriptor: descriptor)
  for range in ranges {
    let rejected = try cache.append(range.map { row($0, descriptor) })
    precondition(rejected.isEmpty, "\(rejected.count) rows rejected")
    try cache.commit()
  }
  return cache
}

/// The code of the error that `body` throws; nil if it throws none.
func failure(_ body: () throws -> Void) -> FeatureCacheError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? FeatureCacheError)?.code
  }
}

/// A small generator with a fixed seed, so that a failing case can be run again.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
