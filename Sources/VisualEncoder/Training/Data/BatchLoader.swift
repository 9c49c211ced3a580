import Foundation

/// The batches of an epoch, prepared ahead on threads of their own while the network trains.
///
/// They come in order, whatever the number of threads, and no more than `ahead` wait at a time. A
/// loop that stops early ends the threads.
package struct BatchLoader: Sequence {
  private let maker: BatchMaker
  private let plan: EpochPlan
  private let epoch: Int
  private let workers: Int
  private let ahead: Int
  private let clock: StepClock?

  /// - Parameters:
  ///   - workers: threads; at least one.
  ///   - clock: told when the loop takes a batch and when it has it.
  package init(
    _ maker: BatchMaker, _ plan: EpochPlan, epoch: Int, workers: Int = 1, ahead: Int = 4,
    clock: StepClock? = nil
  ) {
    precondition(workers > 0 && ahead > 0, "\(workers) workers, \(ahead) batches ahead")
    (self.maker, self.plan, self.epoch) = (maker, plan, epoch)
    (self.workers, self.ahead, self.clock) = (workers, ahead, clock)
  }

  package func makeIterator() -> Iterator {
    let (maker, plan, epoch) = (maker, plan, epoch)
    let queue = OrderedQueue<ImageBatch>(count: plan.batches.count, ahead: ahead) { number in
      maker.batch(plan.batches[number], epoch: epoch, number: number)
    }
    for _ in 0..<Swift.min(workers, plan.batches.count) { Thread.detachNewThread(queue.work) }
    return Iterator(queue, clock)
  }

  package final class Iterator: IteratorProtocol {
    private let queue: OrderedQueue<ImageBatch>
    private let clock: StepClock?

    fileprivate init(_ queue: OrderedQueue<ImageBatch>, _ clock: StepClock?) {
      (self.queue, self.clock) = (queue, clock)
    }

    deinit { queue.cancel() }

    package func next() -> ImageBatch? {
      clock?.stepEnded()
      guard let batch = queue.next() else { return nil }
      clock?.stepBegins(pictures: batch.count)
      return batch
    }
  }
}
