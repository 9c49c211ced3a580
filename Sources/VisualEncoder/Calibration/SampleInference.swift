import Dispatch
import Synchronization

/// Runs a plan over images that are already in memory, on several threads.
struct SampleInference {
  let plan: InferencePlan
  let workers: Int

  init(_ plan: InferencePlan, workers: Int) {
    self.plan = plan
    self.workers = workers
  }

  /// - Parameter prepare: Is given each worker's workspace before its first batch.
  /// - Returns: `[images.count][featureWidth]`.
  @discardableResult
  func run(
    _ images: [[UInt8]], rows: [Int],
    prepare: @escaping @Sendable (InferenceWorkspace) -> Void = { _ in }
  ) -> [[Float]] {
    let results = Mutex([[Float]](repeating: [], count: images.count))
    let starts = Array(stride(from: 0, to: images.count, by: plan.batch))
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, starts.count))) { _ in
      let workspace = InferenceWorkspace(plan)
      prepare(workspace)
      while let start = next.withLock({ next -> Int? in
        defer { next += 1 }
        return next < starts.count ? starts[next] : nil
      }) {
        let range = start..<min(start + plan.batch, images.count)
        for index in range {
          _ = workspace.image(index - start).update(fromContentsOf: images[index])
        }
        let features = workspace.run(categories: Array(rows[range]))
        results.withLock { $0.replaceSubrange(range, with: features) }
      }
    }
    return results.withLock { $0 }
  }
}
