/// An image to extract, and the item that shows it.
package struct ExtractionItem: Sendable, Hashable {
  package let id: String
  /// Nil for an item without an image.
  package let path: String?
  package let category: String?

  package init(id: String, path: String?, category: String? = nil) {
    self.id = id
    self.path = path
    self.category = category
  }
}
