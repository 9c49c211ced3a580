import Foundation
public import Images
import Tensors

/// What a network sees of images: `vitrine preprocess`.
public enum ImagePreview {
  /// What was written for one image.
  public struct Written: Sendable, Codable {
    /// The image.
    public var image: String
    /// The NumPy file.
    public var output: String
    /// The array's shape: `[height, width, 3]`, or `[3, side, side]` when normalised.
    public var shape: [Int]
    /// What was bent: `ImageNotes.names`.
    public var notes: [String]
    /// What was wrong with the file, where damage was accepted.
    public var damage: String?
  }

  /// An image that could not be preprocessed.
  public struct Failure: Sendable, Codable {
    /// The image.
    public var image: String
    /// A stable word: an `ImageError.Reason`.
    public var reason: String
    /// What was wrong, for a person.
    public var message: String
  }

  /// What became of several images.
  public struct Summary: Sendable, Codable {
    /// In the order of the images.
    public var written: [Written] = []
    /// In the order of the images.
    public var failed: [Failure] = []
  }

  /// Writes one stage of the preprocessing of an image as a NumPy array: `uint8` [height, width, 3],
  /// or `float32` [3, side, side] when normalised.
  /// - Throws: `ImageError` for the image, `TensorFileError` for the output.
  public static func write(
    image path: String, stage: PreprocessingStage, preprocessing: Preprocessing, to output: String
  ) throws -> Written {
    let bytes = try ImageFile.read(path)
    let array: NumpyArray
    let header: ImageHeader
    do throws(ImageError) {
      let examined = unsafe try preprocessing.examine(bytes.span.bytes, through: stage)
      header = examined.header
      switch examined.result {
      case .pixels(let image):
        array = NumpyArray(
          shape: [image.height, image.width, 3], elements: .uint8(image.pixels))
      case .planes(let planes, let side):
        array = NumpyArray(shape: [3, side, side], elements: .float32(planes))
      }
    } catch {
      throw error.at(path)
    }
    try array.write(to: output)
    return Written(
      image: path, output: output, shape: array.shape, notes: header.notes.names,
      damage: header.damage)
  }

  /// Writes a stage of several images to `folder`, each under its own name with `.npy`. An image
  /// that fails costs only itself.
  /// - Throws: `ImagePreviewError` before anything is written where two images would have the same
  ///   name; `TensorFileError` where the folder cannot be written to.
  public static func write(
    images paths: [String], stage: PreprocessingStage, preprocessing: Preprocessing,
    folder: String
  ) throws -> Summary {
    var taken: [String: String] = [:]
    let outputs = try paths.map { path in
      let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      let output = URL(fileURLWithPath: folder).appendingPathComponent(name + ".npy").relativePath
      if let other = taken.updateValue(path, forKey: output) {
        throw ImagePreviewError.sameName(other, path, output: output)
      }
      return output
    }
    if FileManager.default.fileExists(atPath: folder),
      !URL(fileURLWithPath: folder).hasDirectoryPath
    {
      throw ImagePreviewError.folder(folder, "there is a file of that name")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ImagePreviewError.folder(folder, "\(error.localizedDescription)")
    }
    var summary = Summary()
    for (path, output) in zip(paths, outputs) {
      do {
        summary.written.append(
          try write(image: path, stage: stage, preprocessing: preprocessing, to: output))
      } catch let error as ImageError {
        summary.failed.append(
          Failure(image: path, reason: error.reason.rawValue, message: error.message))
      }
    }
    return summary
  }
}

/// Why several images could not be written.
public enum ImagePreviewError: Error, CustomStringConvertible {
  /// Two images would be written to one file.
  case sameName(String, String, output: String)
  /// The folder could not be made.
  case folder(String, String)

  /// One line: what, where, why, and what to do.
  public var description: String {
    switch self {
    case .sameName(let first, let second, let output):
      "\(output): \(first) and \(second) would both be written there; rename one of them, or give"
        + " them to separate calls"
    case .folder(let path, let reason):
      "\(path): the output folder cannot be made: \(reason); give a folder that can be written to"
    }
  }
}
