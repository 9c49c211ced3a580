import Foundation
import RankingData
import Tensors

extension BoostedTrees {
  /// See `Ranker`.
  public static var parameterFiles: [String] { ["booster.json"] }

  /// The attribute of XGBoost's file that keeps the mean image vector.
  static let centreKey = "vitrine_image_centre"

  /// See `Ranker`.
  public func saveParameters(to folder: String) throws {
    guard trees != nil else {
      throw BoostingError("There are no trees to save", remedy: "Train the model first.")
    }
    let output = try AtomicFile("\(folder)/\(Self.parameterFiles[0])")
    try output.write(file)
    try output.commit()
  }

  /// See `Ranker`.
  public mutating func loadParameters(from folder: String) throws {
    let path = "\(folder)/\(Self.parameterFiles[0])"
    let bytes = try FileReading.bytes(of: path)
    do throws(BoostingError) {
      try install(bytes)
    } catch {
      throw BoostingError(path, cause: error)
    }
  }

  /// Takes a model that XGBoost wrote.
  /// - Throws: `BoostingError` where it reads other columns.
  mutating func install(_ json: [UInt8]) throws(BoostingError) {
    let trees = try TreeEnsemble(json: json)
    guard trees.featureCount == columns.width, trees.features == columns.names else {
      let other = zip(trees.features, columns.names).first { $0 != $1 }
      throw BoostingError(
        "the trees read \(trees.featureCount) columns and this model has \(columns.width)"
          + (other.map { ": '\($0)' stands where '\($1)' is expected" } ?? ""),
        remedy: "The files come from different models; copy the bundle again.")
    }
    (self.trees, file) = (trees, json)
    if let centre = Self.centre(of: trees), centre.count == input.visual?.width {
      images?.centre = centre
    }
  }

  /// The mean image vector that was kept with the trees.
  static func centre(of trees: TreeEnsemble) -> [Float]? {
    guard let text = trees.attributes[centreKey] else { return nil }
    let numbers = text.split(separator: " ").map { Float($0) ?? .nan }
    return numbers.allSatisfy(\.isFinite) ? numbers : nil
  }
}
