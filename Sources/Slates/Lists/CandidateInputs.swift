/// What a slate model reads of every candidate; part of its configuration.
package protocol CandidateInputs: Sendable {
  /// Numbers beside the score, in the order of `SlateList.features`.
  var features: [CandidateFeature] { get }
  /// Categories with a learned embedding; empty leaves categories out.
  var categories: [String] { get }
  /// Width of a category embedding.
  var categoryWidth: Int { get }
  /// Width of the visual vectors; 0 leaves images out.
  var visualInputs: Int { get }
  /// Width that visual vectors are projected to.
  var visualWidth: Int { get }
}

extension CandidateInputs {
  /// Standardised score, reciprocal rank, has-image flag, then the features.
  var numericWidth: Int { 3 + features.count }

  /// Numbers that describe one candidate before the input projection.
  var featureWidth: Int {
    numericWidth + (categories.isEmpty ? 0 : categoryWidth)
      + (visualInputs == 0 ? 0 : visualWidth)
  }

  /// Throws `SlateError.configuration` for the first of these fields out of range.
  func validateInputs() throws(SlateError) {
    try Self.check("category_width", categoryWidth, 1...1024)
    try Self.check("visual_inputs", visualInputs, 0...65_536)
    try Self.check("visual_width", visualWidth, 1...4096)
    try Self.check("categories", categories.count, 0...10_000_000)
    try Self.check("features", features.count, 0...65_536)
    for feature in features where !(feature.mean.isFinite && feature.deviation.isFinite) {
      throw .configuration(
        field: "features", value: feature.name, rule: "its mean and deviation must be finite")
    }
    if Set(categories).count != categories.count {
      throw .configuration(
        field: "categories", value: "a list with repetitions", rule: "each name must occur once")
    }
  }

  static func check(
    _ field: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(SlateError) {
    if !range.contains(value) {
      throw .configuration(
        field: field, value: String(value),
        rule: "it must lie in \(range.lowerBound)...\(range.upperBound)")
    }
  }
}
