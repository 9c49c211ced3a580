import Images
import Tensors
import VisualEncoder

/// Draws what an encoder sees, and where its gates look.
public enum EncoderPictures {
  /// Writes a contact sheet of images after resizing and cropping.
  ///
  /// - Parameters:
  ///   - input: a folder of images or a manifest, as for extraction.
  ///   - count: images at most, spread evenly over the input.
  /// - Returns: how many there are on the sheet.
  /// - Throws: `VisualEncoderError` where no image can be read, an error where writing fails.
  public static func sheet(
    encoder: String, input: String, count: Int = 64, to output: String
  ) throws -> Int {
    let bundle = try EncoderBundle.load(encoder)
    let sample = try ImageSample(ImageList.read(input), count: count, for: bundle, path: input)
    let sheet = ContactSheet(columns: 8, side: bundle.configuration.preprocessing.crop)
    try write(sheet.png(sample.images), to: output)
    return sample.images.count
  }

  /// Writes a sheet with a row for each image: what the network sees, then the spatial gates of the
  /// last block of every stage over it, blue where they are lowest and red where they are highest.
  ///
  /// - Parameter category: what the gates are told of every image; nil for the input's categories.
  /// - Returns: the ids of the images in the order of rows; the blocks in the order of columns, with
  ///   the smallest and the largest of their gates.
  /// - Throws: `VisualEncoderError` for an encoder without gates or where no image can be read.
  public static func heatmap(
    encoder: String, input: String, count: Int = 8, category: String? = nil, to output: String
  ) throws -> (images: [String], blocks: [(name: String, gates: ClosedRange<Float>)]) {
    let bundle = try EncoderBundle.load(encoder)
    let sheet = try AttentionSheet(bundle, path: encoder)
    var items = try ImageList.read(input)
    if let category {
      let known = bundle.usesCategory ? bundle.configuration.categories : []
      guard known.contains(category) else {
        throw VitrineError(
          "\(encoder): its gates know no category \"\(category)\"",
          remedy: known.isEmpty
            ? "Only an encoder of attention category knows any."
            : "It knows \(known.joined(separator: ", ")).")
      }
      items = items.map { ExtractionItem(id: $0.id, path: $0.path, category: category) }
    }
    let sample = try ImageSample(items, count: count, for: bundle, path: input)
    let (bytes, ranges) = try sheet.png(sample)
    try write(bytes, to: output)
    return (sample.ids, Array(zip(sheet.blocks, ranges)).map { (name: $0, gates: $1) })
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try AtomicFile(path)
    try file.write(bytes)
    try file.commit()
  }
}
