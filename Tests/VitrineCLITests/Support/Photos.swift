import Foundation

/// The shop that the project ships.
enum Photos {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../assets/clothing").standardized.path
  static let catalogue = folder + "/catalogue.csv"

  static func path(_ name: String) -> String { "\(folder)/photos/\(name).jpg" }
}
