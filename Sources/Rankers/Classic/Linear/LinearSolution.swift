/// What a solver found.
package struct LinearSolution: Sendable {
  /// One weight for each column of a design.
  package var weights: [Double]
  /// What was minimised, at these weights.
  package var objective: Double
  /// No weights have less than `objective - gap`.
  package var gap: Double
  /// Passes over the rows.
  package var passes: Int

  package init(weights: [Double], objective: Double, gap: Double, passes: Int) {
    self.weights = weights
    self.objective = objective
    self.gap = gap
    self.passes = passes
  }

  /// The gap as a share of the objective.
  package var relativeGap: Double { gap / max(objective, 1e-300) }
}

/// What violating a margin costs.
public enum MarginLoss: String, Sendable, Hashable, Codable, CaseIterable {
  /// `max(0, 1 - m)`: some rows do not count at all, and errors count by their distance.
  case hinge
  /// `max(0, 1 - m)²`: smooth, and harder on distant errors.
  case squaredHinge = "squared_hinge"
}
