/// A plan tied to the memory of one worker.
///
/// The first blocks have large activations and few weights, the last ones the reverse. So a batch
/// goes through the first in slices whose activations stay in the cache, and through the last as a
/// whole, which reads their weights once.
final class InferenceProgram {
  private let plan: InferencePlan
  private let input: InferenceInput
  private let early: InferenceSegment
  private let late: InferenceSegment

  /// The activations of the last block: floats, in the order of the plan.
  var result: UnsafePointer<Float> {
    UnsafePointer(late.result.assumingMemoryBound(to: Float.self))
  }

  init(_ plan: InferencePlan) {
    self.plan = plan
    input = InferenceInput(plan)
    let split = plan.earlyBlocks
    early = InferenceSegment(
      plan, plan.blocks[..<split], batch: plan.slice, stem: input.buffer)
    late = InferenceSegment(plan, plan.blocks[split...], batch: plan.batch)
  }

  /// - Parameters:
  ///   - pixels: The images one behind the other, `[side, side, 3]` each.
  ///   - categories: A row for each image, at most `plan.batch`.
  func run(
    _ pixels: UnsafePointer<UInt8>, _ categories: [Int], _ observer: InferenceWorkspace.Observer?
  ) {
    let size = 3 * plan.side * plan.side
    for start in stride(from: 0, to: categories.count, by: plan.slice) {
      let rows = Array(categories[start..<min(start + plan.slice, categories.count)])
      for index in rows.indices {
        input.fill(
          index,
          from: UnsafeBufferPointer(start: pixels + (start + index) * size, count: size))
      }
      early.run(rows, observer?.shifted(by: start))
      (late.input + start * early.resultByteCount).copyMemory(
        from: early.result, byteCount: rows.count * early.resultByteCount)
    }
    late.run(categories, observer)
  }
}

extension InferenceWorkspace.Observer {
  /// For a slice that begins at this image of the batch.
  fileprivate func shifted(by start: Int) -> InferenceWorkspace.Observer {
    var observer = self
    observer.spatialGates = { spatialGates($0, start + $1, $2) }
    return observer
  }
}
