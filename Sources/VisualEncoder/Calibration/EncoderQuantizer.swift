import Foundation

/// Makes an encoder that computes in bytes out of one that computes in floats.
package struct EncoderQuantizer {
  package let bundle: EncoderBundle
  package var workers = ProcessInfo.processInfo.activeProcessorCount

  package struct Outcome {
    package let calibration: Calibration
    package let fidelity: Fidelity
    /// What the other methods would have reached.
    package let alternatives: [ClippingMethod: Fidelity]
  }

  package init(_ bundle: EncoderBundle) { self.bundle = bundle }

  /// Calibrates on one sample and compares with single precision on another.
  ///
  /// - Parameter method: nil for the one with the best mean fidelity.
  package func quantize(
    calibrateOn sample: ImageSample, compareOn check: ImageSample, method: ClippingMethod? = nil
  ) -> Outcome {
    var calibrator = Calibrator(bundle)
    calibrator.workers = workers
    let calibrations = calibrator.calibrate(sample.images, rows: sample.rows)
    let reference = features(bundle, .fp32, check)
    var fidelities: [ClippingMethod: Fidelity] = [:]
    for candidate in method.map({ [$0] }) ?? ClippingMethod.allCases {
      let trial = EncoderBundle(
        configuration: bundle.configuration, weights: bundle.weights,
        calibration: calibrations[candidate])
      fidelities[candidate] = Fidelity(of: features(trial, .int8, check), against: reference)
    }
    // Of equal ones the first, so that the choice never depends on chance.
    let ranked = ClippingMethod.allCases.filter { fidelities[$0] != nil }
    let best = ranked.max { (fidelities[$0]?.mean ?? 0) < (fidelities[$1]?.mean ?? 0) }
    guard let best, let calibration = calibrations[best], let fidelity = fidelities[best] else {
      preconditionFailure("a calibration for each method")
    }
    return Outcome(calibration: calibration, fidelity: fidelity, alternatives: fidelities)
  }

  /// How close features of a precision are to single precision.
  package func fidelity(
    of precision: EncoderConfiguration.Precision, on check: ImageSample
  ) -> Fidelity {
    Fidelity(of: features(bundle, precision, check), against: features(bundle, .fp32, check))
  }

  private func features(
    _ bundle: EncoderBundle, _ precision: EncoderConfiguration.Precision, _ sample: ImageSample
  ) -> [[Float]] {
    let plan = InferencePlan(bundle, precision: precision, batch: ExtractionPipeline.batch)
    return SampleInference(plan, workers: workers).run(sample.images, rows: sample.rows)
  }
}
