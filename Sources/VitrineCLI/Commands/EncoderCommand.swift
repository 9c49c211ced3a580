public import ArgumentParser
public import Vitrine

extension Architecture: ExpressibleByArgument {}
extension Attention: ExpressibleByArgument {}
extension ClippingMethod: ExpressibleByArgument {}
extension EncoderConfiguration.Precision: ExpressibleByArgument {}

struct EncoderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder", abstract: "Make and look into encoders.",
    subcommands: [Import.self, Quantize.self, MeasureFidelity.self, Inspect.self])

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an encoder from a torchvision or timm ResNet state dict.",
      discussion: """
        Names and shapes are checked one by one, and all that do not fit are listed. Gates that the \
        file does not bring are initialised, which is reported.
        """)
    @Option(help: "The backbone.") var architecture: Architecture
    @Option(help: "A safetensors file.") var weights: String?
    @Option(help: "Random weights from this seed, instead of a file.") var randomWeights: UInt64?
    @Option(help: "The gates in every block.") var attention = Attention.none
    @Option(help: "One category a line, for --attention category.") var categories: String?
    @Option(help: "The bundle to write: a folder that does not exist yet.") var output: String
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup var options: PreprocessingOptions

    func validate() throws {
      if (weights == nil) == (randomWeights == nil) {
        throw ValidationError("give either --weights FILE or --random-weights SEED")
      }
    }

    func run() throws {
      let source =
        randomWeights.map { EncoderImport.Source.random(seed: $0) }
        ?? .file(weights ?? "")
      let summary = try EncoderImport.run(
        architecture: architecture, attention: attention, categories: categories, source: source,
        preprocessing: options.preprocessing, output: output)
      if json { return try Console.print(json: summary) }
      Console.say(
        "\(output): \(architecture.rawValue), attention \(attention.rawValue),"
          + " \(summary.featureWidth) features, \(summary.hash.prefix(12))")
      if !summary.initialized.isEmpty {
        Console.say(
          "note: not in the file and initialised: \(summary.initialized.joined(separator: ", "))")
      }
    }
  }

  struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check and describe an encoder (JSON).")
    @Argument(help: "The encoder's folder.") var encoder: String

    func run() throws { try Console.print(json: EncoderImport.inspect(encoder)) }
  }
}
