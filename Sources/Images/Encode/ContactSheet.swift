/// Lays equal square images in a grid, to look at what a network saw.
package struct ContactSheet: Sendable, Hashable {
  /// Tiles in a row.
  package let columns: Int
  /// Width and height of a tile, in pixels.
  package let side: Int
  /// Pixels around every tile.
  package let margin: Int
  /// Grey of the margin and of missing tiles.
  package let background: UInt8

  /// - Precondition: `columns` and `side` are positive, `margin` is not negative.
  package init(columns: Int, side: Int, margin: Int = 4, background: UInt8 = 24) {
    precondition(
      columns > 0 && side > 0 && margin >= 0,
      "a sheet of \(columns) columns, tiles of \(side) pixels, margins of \(margin)")
    self.columns = columns
    self.side = side
    self.margin = margin
    self.background = background
  }

  /// The sheet as the bytes of a PNG file; tiles from left to right, then down.
  /// - Parameter tiles: `[side, side, 3]` each; at least one.
  /// - Throws: `ImageError`: `empty` without a tile, else as `PNGImage.encode` and `layOut`.
  package func png(_ tiles: [[UInt8]]) throws(ImageError) -> [UInt8] {
    try PNGImage.encode(layOut(tiles))
  }

  /// The sheet as an image. With fewer tiles than columns it is only as wide as they are.
  /// - Throws: `ImageError`: `empty` without a tile, `tooLarge` where it exceeds the limits.
  /// - Complexity: O(pixels of the sheet).
  package func layOut(
    _ tiles: [[UInt8]], limits: ImageLimits = ImageLimits()
  ) throws(ImageError) -> RGBImage {
    guard !tiles.isEmpty else {
      throw ImageError(.empty, "a contact sheet needs at least one image")
    }
    let across = min(columns, tiles.count)
    let down = (tiles.count + across - 1) / across
    let (width, height) = (try extent(across), try extent(down))
    try limits.check(width: width, height: height)
    var pixels = [UInt8](repeating: background, count: width * height * 3)
    for (index, tile) in tiles.enumerated() {
      precondition(
        tile.count == side * side * 3, "tile \(index) has \(tile.count) bytes for a side of \(side)"
      )
      let left = margin + index % across * (side + margin)
      let top = margin + index / across * (side + margin)
      for row in 0..<side {
        let target = ((top + row) * width + left) * 3
        pixels.replaceSubrange(
          target..<target + side * 3, with: tile[row * side * 3..<(row + 1) * side * 3])
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// Pixels that `count` tiles take along one side.
  private func extent(_ count: Int) throws(ImageError) -> Int {
    let (step, first) = side.addingReportingOverflow(margin)
    let (tiles, second) = step.multipliedReportingOverflow(by: count)
    let (extent, third) = tiles.addingReportingOverflow(margin)
    guard !first && !second && !third else {
      throw ImageError(.tooLarge, "a contact sheet of \(count) tiles in a row of \(side) pixels")
    }
    return extent
  }
}
