public import ArgumentParser
public import Vitrine

extension PreprocessingStage: ExpressibleByArgument {}
extension Interpolation: ExpressibleByArgument {}
extension CropMode: ExpressibleByArgument {}
extension OrientationPolicy: ExpressibleByArgument {}

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

  func validate() throws {
    for (name, side) in [("--resize", resize), ("--crop", crop)]
    where !Preprocessing.sides.contains(side) {
      throw ValidationError("\(name) \(side) must be within \(Preprocessing.sides)")
    }
  }

  var preprocessing: Preprocessing {
    Preprocessing(
      resize: resize, crop: crop, interpolation: interpolation, cropMode: cropMode,
      orientation: orientation)
  }
}

struct PreprocessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preprocess",
    abstract: "Write what a network sees of an image, as a NumPy array.",
    discussion: """
      decoded, resized and cropped are uint8 [height, width, 3]; normalized is float32 \
      [3, side, side].
      """)

  @Argument(help: "A JPEG or PNG file.")
  var image: String

  @Option(help: "The stage to write.")
  var stage: PreprocessingStage

  @Option(help: "The .npy file to write.")
  var output: String

  @Flag(help: "One JSON document.")
  var json = false

  @OptionGroup var options: PreprocessingOptions

  func run() throws {
    let shape = try ImagePreview.write(
      image: image, stage: stage, preprocessing: options.preprocessing, to: output)
    if json { return try Console.print(json: ["shape": shape]) }
    Console.say("\(output): \(stage.rawValue), \(shape)")
  }
}
