import ArgumentParser
import Vitrine

extension EncoderCommand {
  struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an encoder that computes in bytes, calibrated on your own images.",
      discussion: """
        Weights get a scale for each output channel, activations one for each tensor, measured on a \
        sample of IMAGES (a folder or a manifest, as for extract). Gates, the sums of shortcuts and \
        the pooled features stay floats. Half of the sample calibrates, the other half measures \
        the cosine to single precision after the mean feature is subtracted. A mean cosine under \
        \(Fidelity.bar) is warned of.
        """)
    @Argument(help: "The encoder's folder.") var encoder: String
    @Argument(help: "A folder of images, or a manifest.") var images: String
    @Option(help: "The encoder to write: a folder that does not exist yet.") var output: String
    @Option(help: "Images at most, spread evenly over the input.") var sample = 600
    @Option(help: "How the reach of activations is chosen; the best of all unless given.")
    var method: ClippingMethod?
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
      if sample < 1 { throw ValidationError("--sample \(sample) must be at least 1") }
    }

    func run() throws {
      let summary = try EncoderQuantization.run(
        encoder: encoder, input: images, output: output, sample: sample, method: method)
      if let notice = EncoderQuantization.notice(.int8) { Console.say("note: \(notice)") }
      let fidelity = summary.fidelity
      if json {
        try Console.print(json: summary)
      } else {
        Console.say(
          "\(output): int8, \(summary.method.rawValue) on \(counted(summary.calibrationImages)),"
            + " \(summary.hash.prefix(12))")
        for (method, mean) in summary.tried.sorted(by: { $0.key < $1.key }) {
          Console.say("  \(method): mean cosine \(mean.text(4))")
        }
        Console.say(fidelity.line)
      }
      if summary.comparedOnCalibrationImages && !fidelity.isSmall {
        Console.say("note: too few images to compare on others than those of the calibration")
      }
      fidelity.warn()
    }
  }

  struct MeasureFidelity: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "fidelity",
      abstract: "Compare the features of a precision with single precision on a sample of images.")
    @Argument(help: "The encoder's folder.") var encoder: String
    @Argument(help: "A folder of images, or a manifest.") var images: String
    @Option(help: "The arithmetic to compare.") var precision: EncoderConfiguration.Precision
    @Option(help: "Images at most, spread evenly over the input.") var sample = 300
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
      if sample < 1 { throw ValidationError("--sample \(sample) must be at least 1") }
    }

    func run() throws {
      let fidelity = try EncoderQuantization.fidelity(
        encoder: encoder, input: images, precision: precision, sample: sample)
      if let notice = EncoderQuantization.notice(precision) { Console.say("note: \(notice)") }
      if json { try Console.print(json: fidelity) } else { Console.print(fidelity.line) }
      fidelity.warn()
    }
  }
}

private func counted(_ count: Int) -> String { count == 1 ? "1 image" : "\(count) images" }

extension Fidelity {
  fileprivate var line: String {
    "cosine to fp32 without the mean feature, \(counted(images)): mean \(mean.text(5)),"
      + " p1 \(p1.text(5)), minimum \(minimum.text(5)); plain mean \(plainMean.text(5))"
  }

  fileprivate var isSmall: Bool { images < 16 }

  fileprivate func warn() {
    if isSmall {
      Console.say(
        "warning: with so few images (\(images)) the cosine says little, since their mean is"
          + " subtracted first; give more")
    }
    guard !reachesBar else { return }
    Console.say(
      "warning: the mean cosine \(mean.text(4)) is under \(Self.bar); compare rankings before you"
        + " use these features, or give more images of your own kind, or use bf16")
  }
}
