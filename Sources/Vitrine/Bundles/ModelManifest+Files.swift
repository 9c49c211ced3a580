extension ModelManifest {
  static let fileName = "model.json"
  static let weightsName = "weights.safetensors"
  static let transformName = "transform.json"

  /// Reads the manifest of a bundle and checks its files.
  static func read(_ folder: String) throws -> ModelManifest {
    let manifest = try JSONFile.read(ModelManifest.self, from: "\(folder)/\(fileName)")
    for name in manifest.expectedFiles where manifest.files[name] == nil {
      throw VitrineError(
        "\(folder)/\(fileName): it does not vouch for \(name)", remedy: "Copy the bundle again.")
    }
    for (name, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
      guard !name.contains("/"), name != fileName else {
        throw VitrineError(
          "\(folder)/\(fileName): \"\(name)\" is no file of a bundle", remedy: "Train again.")
      }
      let found = try BundleFolder.hash(ofFile: "\(folder)/\(name)")
      guard found == expected else {
        throw VitrineError(
          "\(folder)/\(name): its SHA-256 is \(found), not \(expected): the file was changed or cut"
            + " short", remedy: "Copy the bundle again, or train again.")
      }
    }
    return manifest
  }

  private var expectedFiles: [String] {
    switch model {
    case .ranker(let specification, _, _, _):
      [Self.transformName] + specification.parameterFiles
    case .slate: [Self.weightsName]
    }
  }

  /// Writes a bundle: the files that `write` makes, and this manifest with their hashes.
  func create(_ destination: String, _ write: (_ folder: String) throws -> [String]) throws {
    try BundleFolder.create(destination) { folder in
      var manifest = self
      for name in try write(folder) {
        manifest.files[name] = try BundleFolder.hash(ofFile: "\(folder)/\(name)")
      }
      try JSONFile.write(manifest, to: "\(folder)/\(Self.fileName)")
    }
  }
}
