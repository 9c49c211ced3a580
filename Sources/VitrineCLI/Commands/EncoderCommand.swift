public import ArgumentParser
public import Vitrine

extension Architecture: ExpressibleByArgument {}
extension Attention: ExpressibleByArgument {}
extension ClippingMethod: ExpressibleByArgument {}
extension EncoderConfiguration.Precision: ExpressibleByArgument {}

struct EncoderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder", abstract: "Make and look into encoders.",
    subcommands: [Import.self, Train.self, Quantize.self, MeasureFidelity.self, Inspect.self])

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
      abstract: "Check and describe an encoder (JSON), or draw where its gates look.",
      discussion: """
        With --heatmap and --images, a sheet is drawn: a row for each image, first what the network \
        sees, then the spatial gates of the last block of every stage over it, blue where they are \
        lowest and red where they are highest.
        """)
    @Argument(help: "The encoder's folder.") var encoder: String
    @Option(help: "The PNG file to draw.") var heatmap: String?
    @Option(help: "A folder of images or a manifest, for --heatmap.") var images: String?
    @Option(help: "Images at most, for --heatmap.") var count = 8
    @Option(help: "Tell the gates this category of every image, for --heatmap.")
    var category: String?

    func validate() throws {
      if (heatmap == nil) != (images == nil) {
        throw ValidationError("--heatmap OUT.png and --images FOLDER belong together")
      }
      if category != nil, heatmap == nil {
        throw ValidationError("--category is for --heatmap")
      }
      if count < 1 { throw ValidationError("--count \(count) must be at least 1") }
    }

    func run() throws {
      guard let heatmap, let images else {
        return try Console.print(json: EncoderImport.inspect(encoder))
      }
      let drawn = try EncoderPictures.heatmap(
        encoder: encoder, input: images, count: count, category: category, to: heatmap)
      Console.say(
        "\(heatmap): rows \(drawn.images.joined(separator: ", ")); columns: the crop, then")
      for block in drawn.blocks {
        let (low, high) = (block.gates.lowerBound, block.gates.upperBound)
        let remark = low == high ? "; the same everywhere, so they have not been trained" : ""
        Console.say(
          "  \(block.name): gates \(Double(low).text(4)) to \(Double(high).text(4))\(remark)")
      }
    }
  }
}
