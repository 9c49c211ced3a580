/// What to do with the orientation that EXIF announces.
public enum OrientationPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Leave the pixels as stored. What torchvision on PIL images does.
  case ignore
  /// Turn the pixels upright before resizing.
  case apply
}

/// What to do with transparency.
public enum AlphaPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Forget it: the colour shows that it hid. What Pillow's `convert("RGB")` does.
  case drop
  /// Lay the image on white, with the rounding of Pillow's `paste`.
  case white
}

/// What to do with an embedded colour profile.
public enum ColorProfilePolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Take the numbers as they are. What torchvision on PIL images does.
  case ignore
  /// Refuse the image, whatever the profile says.
  case refuse
}

/// What to do with an image that is damaged or incomplete.
public enum DamagePolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Refuse it, also where the codec only warns.
  case refuse
  /// Take what could be decoded, if it is a row at least; the rest is grey in a JPEG, black in a PNG.
  case accept
}
