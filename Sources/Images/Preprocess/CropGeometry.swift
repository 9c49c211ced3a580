/// The size an image is resized to and the window that is cut out of it.
struct CropGeometry: Hashable {
  /// One axis of the window.
  struct Axis: Hashable {
    /// Positions of the resized image.
    let window: Range<Int>
    /// Where the window begins in the crop; positions before and behind it are filled.
    let offset: Int

    /// `crop` of `size` positions, from the middle. Half a position is rounded to the even side,
    /// as Python's `round` does in torchvision; a shortage is filled on both sides, the odd
    /// position at the end.
    init(cropping size: Int, to crop: Int) {
      if crop > size {
        window = 0..<size
        offset = (crop - size) / 2
      } else {
        let half = (size - crop) / 2
        let start = (size - crop).isMultiple(of: 2) || half.isMultiple(of: 2) ? half : half + 1
        window = start..<start + crop
        offset = 0
      }
    }
  }

  let width: Int
  let height: Int
  let x: Axis
  let y: Axis

  init(width: Int, height: Int, resize: Int, crop: Int, mode: CropMode) {
    switch mode {
    case .center:
      let long = Self.longSide(resize, width, height)
      (self.width, self.height) = width <= height ? (resize, long) : (long, resize)
    case .squash:
      (self.width, self.height) = (resize, resize)
    case .border:
      let target = Double(resize)
      let ratio = max(Double(height) / target, Double(width) / target)
      // An extreme ratio rounds a side to nothing, where timm fails: keep one pixel.
      self.width = max(Int((Double(width) / ratio).rounded(.toNearestOrEven)), 1)
      self.height = max(Int((Double(height) / ratio).rounded(.toNearestOrEven)), 1)
    }
    x = Axis(cropping: self.width, to: crop)
    y = Axis(cropping: self.height, to: crop)
  }

  /// `int(resize * long / short)` of torchvision, a division in double precision cut off.
  private static func longSide(_ resize: Int, _ width: Int, _ height: Int) -> Int {
    Int(Double(resize * max(width, height)) / Double(min(width, height)))
  }

  /// Whether the window lies within the image on both sides, so that nothing is filled.
  func covers(_ crop: Int) -> Bool {
    x.window.count == crop && y.window.count == crop
  }
}
