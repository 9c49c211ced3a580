import Foundation
import Images
import Synchronization

/// Measures how far the activations of an encoder reach on a sample of images.
package struct Calibrator {
  package let bundle: EncoderBundle
  package var workers = ProcessInfo.processInfo.activeProcessorCount

  package init(_ bundle: EncoderBundle) { self.bundle = bundle }

  /// Runs the sample twice in single precision: for the range of each tensor, then for the
  /// distribution within it.
  ///
  /// - Parameters:
  ///   - images: `[side, side, 3]` each, as `PreprocessingWorkspace.crop` writes them.
  ///   - rows: The category row of each.
  /// - Returns: One calibration for each method.
  package func calibrate(_ images: [[UInt8]], rows: [Int]) -> [ClippingMethod: Calibration] {
    precondition(!images.isEmpty && images.count == rows.count, "\(images.count) images")
    let wanted = Set(Calibration.tensors(bundle.configuration))
    let plan = InferencePlan(bundle, precision: .fp32)
    let ranges = Mutex<[String: Float]>([:])
    visit(plan, images, rows, wanted) { name, values in
      let largest = values.reduce(0) { max($0, abs($1)) }
      ranges.withLock { $0[name] = max($0[name] ?? 0, largest) }
    }
    let histograms = Mutex(
      ranges.withLock { $0.mapValues { ActivationHistogram(largest: $0) } })
    visit(plan, images, rows, wanted) { name, values in
      guard
        var own = histograms.withLock({ $0[name].map { ActivationHistogram(largest: $0.largest) } })
      else { return }
      own.add(values)
      histograms.withLock { $0[name]?.merge(own) }
    }
    let known = histograms.withLock { $0 }
    return Dictionary(
      uniqueKeysWithValues: ClippingMethod.allCases.map { method in
        let clips = known.map { name, histogram in
          // The only signed tensors are the projected shortcuts.
          (name, histogram.clip(method, steps: name.contains(".downsample.") ? 127 : 255))
        }
        return (
          method,
          Calibration(
            method: method, images: images.count, clips: Dictionary(uniqueKeysWithValues: clips))
        )
      })
  }

  private func visit(
    _ plan: InferencePlan, _ images: [[UInt8]], _ rows: [Int], _ wanted: Set<String>,
    _ body: @escaping @Sendable (String, UnsafeBufferPointer<Float>) -> Void
  ) {
    SampleInference(plan, workers: workers).run(images, rows: rows) { workspace in
      var observer = InferenceWorkspace.Observer()
      observer.tensor = { name, values in if wanted.contains(name) { body(name, values) } }
      workspace.observe(observer)
    }
  }
}
