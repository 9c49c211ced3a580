/// A step that has no finite loss or gradient, and the pictures that were in it.
package struct NotFiniteBatch: Error, Sendable, CustomStringConvertible {
  package let epoch: Int
  package let batch: Int
  /// The loss or the gradient.
  package let what: String
  /// Ids.
  package let images: [String]

  package init(epoch: Int, batch: Int, what: String, images: [String]) {
    (self.epoch, self.batch, self.what, self.images) = (epoch, batch, what, images)
  }

  /// What failed, where, and what to do.
  package var description: String {
    "training stopped at epoch \(epoch), batch \(batch): the \(what) is not finite; the last good"
      + " weights are kept in the checkpoint. Lower learning_rate, set clip_norm or lengthen the"
      + " warm-up; the pictures of this batch: "
      + images.joined(separator: ", ")
  }
}
