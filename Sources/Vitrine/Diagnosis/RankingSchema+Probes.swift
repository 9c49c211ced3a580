import RankingData

extension RankingSchema {
  /// Without ids, times, images and what grows with time; numbers in buckets, so that a linear model
  /// sees any change of their distribution.
  var withoutIdentity: RankingSchema {
    var schema = self
    schema.categorical.removeAll { roles.contains($0.name) }
    schema.multiValued.removeAll {
      $0.isHistory || $0.historyAttribute != nil || $0.times != nil
    }
    schema.numeric = numeric.filter { !roles.contains($0.name) }.map { field in
      NumericField(name: field.name, buckets: field.buckets ?? .equalMass(10))
    }
    var names: Set<String> = []
    schema.numeric = schema.numeric.filter { names.insert($0.name).inserted }
    schema.crosses = []
    schema.counters = []
    schema.visual = VisualFields()
    return schema
  }

  /// Whether any field is left.
  var hasFeatures: Bool {
    !categorical.isEmpty || !multiValued.isEmpty || !numeric.isEmpty
  }
}
