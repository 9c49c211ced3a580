/// An item of the simulated shop: what the simulation needs to know of it.
///
/// The attributes are plain measurements of the picture, `VisualAttributes` for example. They must
/// not come from the encoder under test: users judge pictures by them, and a ranker that reads the
/// encoder's features has to find that out by itself.
public struct SimulatedItem: Sendable, Hashable {
  /// Item id, unique in the catalogue.
  public var id: String
  /// Category; similarity never crosses it.
  public var category: String
  /// Price, greater than 0.
  public var price: Double
  /// Measurements of the picture, the same number of finite values for every item, in any units:
  /// the simulation whitens them over the catalogue.
  public var attributes: [Double]

  /// Creates an item.
  public init(id: String, category: String, price: Double, attributes: [Double]) {
    self.id = id
    self.category = category
    self.price = price
    self.attributes = attributes
  }
}
