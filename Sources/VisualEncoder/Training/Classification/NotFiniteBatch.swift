/// A step that has no finite loss or gradient, and the pictures that were in it.
package struct NotFiniteBatch: Error, Sendable, CustomStringConvertible {
  package let epoch: Int
  package let batch: Int
  /// The loss or the gradient.
  package let what: String
  /// Ids.
  package let images: [String]

  /// What failed, where, and what to do.
  package var description: String {
    "training stopped at epoch \(epoch), batch \(batch): the \(what) is not finite; the last good"
      + " weights are kept in the checkpoint. Lower training.learning_rate, set training.clip_norm or"
      + " lengthen training.warmup_epochs; the pictures of this batch: "
      + images.joined(separator: ", ")
  }
}
