public import ArgumentParser
import Foundation
public import Vitrine

extension PreprocessingStage: ExpressibleByArgument {}
extension Interpolation: ExpressibleByArgument {}
extension CropMode: ExpressibleByArgument {}
extension OrientationPolicy: ExpressibleByArgument {}
extension AlphaPolicy: ExpressibleByArgument {}
extension ColorProfilePolicy: ExpressibleByArgument {}

/// How an image becomes the network's input.
struct PreprocessingOptions: ParsableArguments {
  @Option(help: "Side that is resized to, in pixels.")
  var resize = 256

  @Option(help: "Side of the result, in pixels.")
  var crop = 224

  @Option(help: "Resampling kernel; both equal Pillow's bit for bit.")
  var interpolation = Interpolation.bilinear

  @Option(help: "How a rectangle becomes a square.")
  var cropMode = CropMode.center

  @Option(help: "Whether EXIF orientation is applied; models are usually trained without.")
  var orientation = OrientationPolicy.ignore

  @Option(help: "What becomes of transparency; drop is what Pillow's convert(\"RGB\") does.")
  var alpha = AlphaPolicy.drop

  @Option(help: "Whether an embedded colour profile is ignored or a reason to refuse the image.")
  var colorProfile = ColorProfilePolicy.ignore

  @Flag(help: "Accept what can be decoded of a damaged or incomplete image, and say so.")
  var lenient = false

  func validate() throws {
    for (name, side) in [("--resize", resize), ("--crop", crop)]
    where !Preprocessing.sides.contains(side) {
      throw ValidationError("\(name) \(side) must be within \(Preprocessing.sides)")
    }
  }

  var preprocessing: Preprocessing {
    Preprocessing(
      resize: resize, crop: crop, interpolation: interpolation, cropMode: cropMode,
      orientation: orientation, alpha: alpha, colorProfile: colorProfile,
      damage: lenient ? .accept : .refuse)
  }
}

struct PreprocessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Write what a network sees of images, as NumPy arrays.",
    discussion: """
      decoded, resized and cropped are uint8 [height, width, 3]; normalized is float32 \
      [3, side, side]. One image is written to the file OUTPUT. Several, or one where OUTPUT is a folder \
      or ends in a slash, are written to the folder OUTPUT, each under its own name with .npy; one that fails costs only itself, and the exit \
      status is 1.
      """)

  @Argument(help: "JPEG or PNG files.")
  var images: [String]

  @Option(help: "The stage to write.")
  var stage: PreprocessingStage

  @Option(help: "The .npy file to write; for several images, the folder.")
  var output: String

  @Flag(help: "One JSON document.")
  var json = false

  @OptionGroup var options: PreprocessingOptions

  func run() throws {
    if images.count == 1, let image = images.first, !outputIsFolder {
      let written = try ImagePreview.write(
        image: image, stage: stage, preprocessing: options.preprocessing, to: output)
      return json ? try Console.print(json: written) : report(written)
    }
    let summary = try ImagePreview.write(
      images: images, stage: stage, preprocessing: options.preprocessing, folder: output)
    if json {
      try Console.print(json: summary)
    } else {
      summary.written.filter { !$0.notes.isEmpty }.forEach(report)
      for failure in summary.failed {
        Console.say("\(failure.image): \(failure.reason): \(failure.message)")
      }
      Console.say(
        "\(output): \(stage.rawValue), \(summary.written.count) written, \(summary.failed.count)"
          + " failed")
    }
    if !summary.failed.isEmpty { throw ExitStatus.doneWithFailures }
  }

  /// A folder that is there, or a name with a slash at its end.
  private var outputIsFolder: Bool { URL(fileURLWithPath: output).hasDirectoryPath }

  private func report(_ written: ImagePreview.Written) {
    let notes = written.notes.isEmpty ? "" : "; \(written.notes.joined(separator: ", "))"
    let damage = written.damage.map { ": \($0)" } ?? ""
    Console.say("\(written.output): \(stage.rawValue), \(written.shape)\(notes)\(damage)")
  }
}
