import Dispatch
package import Images
import Synchronization

/// Labelled pictures, decoded once for all epochs.
package struct DecodedImages: Sendable {
  /// Those that could be read, in their order.
  package let images: LabelledImages
  /// Their pixels, in the same order.
  package let pixels: PixelStore
  /// Those that could not, each with the reason.
  package let failures: [Failure]

  package struct Failure: Sendable, Hashable, Codable {
    package let id: String
    package let reason: String
  }

  /// What all pictures may take, unless said otherwise.
  package static let memoryLimit = 4 << 30

  /// Decodes, resizes and crops every picture, on `workers` threads. The result does not depend on
  /// their number.
  /// - Throws: `invalidInput` where the pictures would take more than `memoryLimit` bytes, or where
  ///   none can be read.
  package init(
    _ images: LabelledImages, _ preprocessing: Preprocessing, workers: Int,
    memoryLimit: Int = DecodedImages.memoryLimit, path: String
  ) throws(VisualEncoderError) {
    let (size, list) = (preprocessing.count, images.images)
    let (total, overflow) = size.multipliedReportingOverflow(by: list.count)
    guard !overflow, total <= memoryLimit else {
      let megabytes = Double(size) * Double(list.count) / 1_048_576
      throw VisualEncoderError(
        .invalidInput, path: path,
        reason:
          "\(list.count) pictures of \(preprocessing.crop) x \(preprocessing.crop) pixels take"
          + " \(Int(megabytes)) MiB of memory, and data.memory allows \(memoryLimit >> 20); allow"
          + " more, or lower preprocessing.crop")
    }
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(total, 1))
    let failures = Self.decode(list, preprocessing, workers, into: Slots(memory: memory))
    let readable = list.indices.filter { failures[$0] == nil }
    guard !readable.isEmpty else {
      memory.deallocate()
      throw VisualEncoderError(
        .invalidInput, path: path,
        reason:
          "no picture can be read; the last one: \(failures[list.count - 1] ?? "none is there")")
    }
    pixels = PixelStore(side: preprocessing.crop, memory: memory, slots: readable)
    var kept = images
    kept.images = readable.map { list[$0] }
    self.images = kept
    self.failures = failures.sorted { $0.key < $1.key }.map {
      Failure(id: list[$0.key].id, reason: $0.value)
    }
  }

  /// Memory that workers fill, each in parts of its own.
  private struct Slots: @unchecked Sendable {
    let memory: UnsafeMutableBufferPointer<UInt8>
  }

  private static func decode(
    _ images: [LabelledImage], _ preprocessing: Preprocessing, _ workers: Int, into slots: Slots
  ) -> [Int: String] {
    let next = Mutex(0)
    let failures = Mutex<[Int: String]>([:])
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, images.count))) { _ in
      let workspace = PreprocessingWorkspace(preprocessing)
      let scratch = ScratchBuffer<UInt8>()
      let size = preprocessing.count
      while let index = next.claim(below: images.count) {
        do throws(ImageError) {
          let bytes = try ImageFile.read(
            images[index].path, limits: workspace.decoder.limits, into: scratch)
          let target = slots.memory[index * size..<(index + 1) * size]
          _ = try workspace.crop(
            UnsafeRawBufferPointer(bytes).bytes, into: UnsafeMutableBufferPointer(rebasing: target))
        } catch {
          failures.withLock { $0[index] = "\(error)" }
        }
      }
    }
    return failures.withLock { $0 }
  }
}

extension Preprocessing {
  /// The same view with a margin around, to cut varied pictures from: the whole square of at least
  /// 9/8 of the crop's side, without the last crop.
  package var forAugmentation: Preprocessing {
    let side = min(max(resize, (crop * 9 + 7) / 8), Self.sides.upperBound)
    var wide = Preprocessing(
      resize: side, crop: side, interpolation: interpolation, cropMode: cropMode,
      normalization: normalization)
    (wide.orientation, wide.alpha) = (orientation, alpha)
    (wide.colorProfile, wide.damage) = (colorProfile, damage)
    return wide
  }
}
