/// An item near another, or near a vector.
package struct Neighbour: Sendable, Equatable {
  package let item: String
  /// The cosine of the angle between the two vectors, from -1 to 1; 0 for a vector of zeros.
  package let cosine: Float
}
