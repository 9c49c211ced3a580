/// An item that has no feature, and why; or one whose damaged image was accepted.
package struct ExtractionFailure: Sendable, Hashable, Codable {
  package let id: String
  package let path: String
  /// A stable word: an `ImageError.Reason`, or `invalid-item`, `invalid-vector` or
  /// `damage-accepted`.
  package let reason: String
  package let message: String

  static let damageAccepted = "damage-accepted"
}

/// How far an extraction is.
package struct ExtractionProgress: Sendable {
  package let total: Int
  /// Items that have a feature, those already cached included.
  package let done: Int
  /// Failed items by reason.
  package let failures: [String: Int]
  /// Of those done, the ones that needed no computation.
  package let skipped: Int
  package let seconds: Double

  package var failed: Int { failures.values.reduce(0, +) }

  /// Items per second since the start.
  package var rate: Double { seconds > 0 ? Double(done + failed) / seconds : 0 }
}

/// What an extraction did.
package struct ExtractionReport: Sendable {
  package internal(set) var total = 0
  /// Images that went through the network.
  package internal(set) var computed = 0
  /// Items that have the feature computed for them.
  package internal(set) var extracted = 0
  /// Items linked to a feature that another item or an earlier run had brought.
  package internal(set) var linked = 0
  /// Items whose feature was in place already.
  package internal(set) var unchanged = 0
  /// Items without an image.
  package internal(set) var withoutImage = 0
  /// Items of categories that the encoder does not know, counted where it looks at them.
  package internal(set) var unknownCategories = 0
  /// Ordered by id.
  package internal(set) var failures: [ExtractionFailure] = []
  /// Damaged images that were let pass in this run, with what was wrong.
  package internal(set) var accepted: [ExtractionFailure] = []
  /// Computed images of which something was bent, by the words of `ImageNotes`.
  package internal(set) var notes: [String: Int] = [:]
  /// Whether it was stopped; running it again resumes.
  package internal(set) var wasCancelled = false
  package internal(set) var seconds = 0.0
  /// The file that lists failures and accepted damage.
  package internal(set) var ledger = ""
  /// Summed over threads.
  package internal(set) var stages = StageSeconds()

  package var failuresByReason: [String: Int] {
    failures.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 }
  }
}
