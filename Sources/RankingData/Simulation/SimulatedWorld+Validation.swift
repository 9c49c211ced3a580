extension SimulatedWorld {
  /// Throws when parts of a world, perhaps read from a damaged file, contradict each other.
  func validate() throws(SimulationError) {
    try configuration.validate()
    let width = items.first?.visual.count ?? 0
    for item in items {
      guard categories.indices.contains(item.category) else {
        throw .world(
          reason: "item '\(item.id)' is of category \(item.category) of \(categories.count)")
      }
      guard item.visual.count == width else {
        throw .world(
          reason: "item '\(item.id)' has \(item.visual.count) visual attributes, not \(width)")
      }
    }
    for user in users {
      guard user.taste.count == width, user.affinities.count == categories.count else {
        throw .world(
          reason: "user '\(user.id)' has a taste for \(user.taste.count) attributes and "
            + "\(user.affinities.count) categories, not \(width) and \(categories.count)")
      }
    }
  }
}
