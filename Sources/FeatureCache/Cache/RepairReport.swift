/// What a repair has kept and lost.
package struct RepairReport: Sendable {
  package internal(set) var shards = 0
  package internal(set) var rows = 0
  /// Rows that cannot be read any more; extracting again refills them.
  package internal(set) var lostRows = 0
  /// Items whose vector is lost.
  package internal(set) var lostLinks = 0
  /// What was found damaged.
  package internal(set) var problems: [FeatureCacheError] = []
  /// The files that were taken out of use, by their new names.
  package internal(set) var setAside: [String] = []
}
