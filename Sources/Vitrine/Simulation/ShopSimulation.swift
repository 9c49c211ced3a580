import Foundation
import Images
public import RankingData

/// Simulates visits to the shop of a catalogue with photos: what `vitrine dataset simulate` does.
///
/// The simulated users judge plain measurements of the photos' pixels (`VisualAttributes`), never
/// an encoder's features, so that what visual features add to a ranker is earned.
public enum ShopSimulation {
  /// What was simulated.
  public struct Summary: Sendable, Codable {
    /// Items on sale.
    public var items: Int
    /// People.
    public var users: Int
    /// Visits.
    public var sessions: Int
    /// Items shown.
    public var impressions: Int
    /// Items clicked.
    public var clicks: Int
    /// Items bought.
    public var purchases: Int
  }

  /// Simulates and writes `impressions.csv` and `truth.json` into a folder.
  ///
  /// - Parameters:
  ///   - catalogue: CSV with `id`, `path`, `category` and `price`.
  ///   - output: the folder; made if it does not exist.
  /// - Throws: an error naming the item whose photo, category or price cannot be used.
  @discardableResult
  public static func run(
    catalogue path: String, configuration: SimulationConfiguration = .init(), seed: UInt64,
    output: String
  ) throws -> Summary {
    let catalogue = try Catalogue(path: path)
    let items = try catalogue.ids.map { id in
      SimulatedItem(
        id: id, category: catalogue.category(of: id) ?? "",
        price: try price(of: id, in: catalogue, path),
        attributes: try attributes(of: id, catalogue, path))
    }
    let sessions = try Simulation(configuration: configuration, items: items, seed: seed).run()
    let folder = URL(fileURLWithPath: output)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try sessions.write(to: folder)
    return Summary(
      items: items.count, users: sessions.world.users.count, sessions: sessions.sessions.count,
      impressions: sessions.sessions.reduce(0) { $0 + $1.items.count },
      clicks: sessions.sessions.reduce(0) { $0 + $1.clicks.count { $0 } },
      purchases: sessions.sessions.reduce(0) { $0 + $1.purchases.count { $0 } })
  }

  /// Reads the world behind a simulated log, for exact expected clicks.
  public static func truth(path: String) throws -> ClickSimulator {
    try ClickSimulator(world: JSONFile.read(SimulatedWorld.self, from: path))
  }

  private static func price(of id: String, in catalogue: Catalogue, _ path: String) throws
    -> Double
  {
    guard let text = catalogue.value("price", of: id), let price = Double(text) else {
      throw VitrineError(
        "\(path): item \"\(id)\" has no price", remedy: "Simulation needs a number in price.")
    }
    return price
  }

  private static func attributes(of id: String, _ catalogue: Catalogue, _ path: String) throws
    -> [Double]
  {
    guard let photo = catalogue.imagePath(of: id) else {
      throw VitrineError(
        "\(path): item \"\(id)\" has no path", remedy: "Simulation needs a photo of every item.")
    }
    let bytes = try ImageFile.read(photo)
    do {
      let image = unsafe try ImageDecoder().decode(bytes.span.bytes)
      return VisualAttributes.measure(
        rgb: image.pixels, width: image.width, height: image.height)
    } catch {
      throw error.at(photo)
    }
  }
}
