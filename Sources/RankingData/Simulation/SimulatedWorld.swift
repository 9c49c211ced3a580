/// Everything hidden about a simulated shop: the truth that a log only hints at.
///
/// It is kept apart from the training data, and only used to judge slates (`ClickSimulator`).
public struct SimulatedWorld: Sendable, Hashable, Codable {
  /// An item and what users see in it.
  public struct Item: Sendable, Hashable, Codable {
    /// Item id.
    public var id: String
    /// Category, a position in `SimulatedWorld.categories`.
    public var category: Int
    /// Price as in the catalogue.
    public var price: Double
    /// Logarithm of the price, standardized within the category.
    public var relativePrice: Double
    /// Whitened visual attributes.
    public var visual: [Double]
    /// What every user likes about it, unit variance over the catalogue.
    public var quality: Double
    /// Start of sale, seconds since 1970.
    public var launch: Int64

    enum CodingKeys: String, CodingKey {
      case id, category, price, visual, quality, launch
      case relativePrice = "relative_price"
    }
  }

  /// A user and what the user likes.
  public struct User: Sendable, Hashable, Codable {
    /// User id.
    public var id: String
    /// Unit vector in the space of `Item.visual`.
    public var taste: [Double]
    /// Affinity to each category.
    public var affinities: [Double]
    /// How much the user minds a high price; 1 on average.
    public var priceSensitivity: Double
    /// Relative number of sessions.
    public var activity: Double

    enum CodingKeys: String, CodingKey {
      case id, taste, affinities, activity
      case priceSensitivity = "price_sensitivity"
    }
  }

  /// What the world was made from.
  public var configuration: SimulationConfiguration
  /// Category names, ascending.
  public var categories: [String]
  /// The catalogue, in its own order.
  public var items: [Item]
  /// The users.
  public var users: [User]
}
