import Foundation
import Images
import RankingData
public import VisualEncoder

/// What `vitrine encoder train CONFIG.yaml` reads where the objective is classification.
///
/// ```yaml
/// objective: classification
/// architecture: resnet18half
/// attention: category                 # none, cbam or category
/// categories: classes                 # the classes, a list, or a file with one a line
/// preprocessing: {resize: 96, crop: 96, crop_mode: squash}
/// data:                               # paths are relative to this file
///   train: photos/train               # a folder of folders, or a manifest id,path,label[,category]
///   validation: 0.1                   # a share of them, or a folder or manifest
///   test: photos/test
/// training: {epochs: 60, batch_size: 64, learning_rate: 0.05}
/// augmentation: {flip: 0.5, rotation: 5}
/// weights: fp16
/// ```
public struct EncoderTrainingFile: Sendable {
  /// Where the pictures for validation come from.
  public enum Validation: Sendable, Equatable {
    /// A share of each class's training pictures.
    case share(Double)
    /// A folder or a manifest.
    case input(String)
  }

  /// Where the names of the category codes come from.
  public enum Categories: Sendable, Equatable {
    /// The classes themselves.
    case classes
    /// A list.
    case names([String])
  }

  /// The network; categories are filled in from the data where they are the classes.
  public var configuration: EncoderConfiguration
  /// Only for category gates.
  public var categories = Categories.classes
  /// How it is trained.
  public var plan = ClassificationPlan()
  /// Pictures to learn from: a folder or a manifest.
  public var train: String
  /// Pictures that decide which epoch is kept.
  public var validation = Validation.share(0.1)
  /// Pictures that only the report is about.
  public var test: String?
  /// What the decoded pictures of each set may take, in MiB.
  public var memory = 4096
  /// An encoder to start from, or nil.
  public var initial: String?
  /// How weights are stored.
  public var weights = WeightPrecision.fp32

  /// Reads a configuration.
  /// - Throws: an error naming file, line and key; unknown keys are refused with the nearest legal
  ///   one.
  public init(path: String) throws {
    let root = try ConfigurationNode(path: path)
    let members = try root.members([
      "objective", "architecture", "attention", "categories", "preprocessing", "data", "training",
      "augmentation", "initial", "weights",
    ])
    func required(
      _ key: String, _ node: ConfigurationNode, _ members: [String: ConfigurationNode]
    ) throws -> ConfigurationNode {
      guard let found = members[key] else {
        throw node.failure(.missingKey, "there is no \"\(key)\".", "Add the key.")
      }
      return found
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func resolve(_ node: ConfigurationNode) throws -> String {
      let text = try node.string()
      return text.hasPrefix("/") ? text : folder.appendingPathComponent(text).path
    }

    configuration = EncoderConfiguration(
      architecture: try required("architecture", root, members).choice(Architecture.self),
      attention: try members["attention"]?.choice(Attention.self) ?? .none,
      preprocessing: try members["preprocessing"].map(Preprocessing.init(node:))
        ?? Preprocessing())
    if let node = members["categories"] {
      guard configuration.attention == .category else {
        throw node.failure(
          .badValue, "categories only serve attention: category.", "Remove them, or set attention.")
      }
      categories = try Self.categories(node, resolve)
    }
    let dataNode = try required("data", root, members)
    let data = try dataNode.members(["train", "validation", "test", "memory"])
    train = try resolve(required("train", dataNode, data))
    if let node = data["validation"] {
      validation =
        Double(try node.string()) == nil
        ? .input(try resolve(node)) : .share(try node.number(in: 0.01...0.9))
    }
    test = try data["test"].map(resolve)
    memory = try data["memory"]?.integer(in: 1...(1 << 30)) ?? memory
    initial = try members["initial"].map(resolve)
    weights = try members["weights"]?.choice(WeightPrecision.self) ?? weights
    if let node = members["training"] { try plan.read(node, attention: configuration.attention) }
    if let node = members["augmentation"] { plan.augmentation = try Augmentation(node: node) }
  }

  private static func categories(
    _ node: ConfigurationNode, _ resolve: (ConfigurationNode) throws -> String
  ) throws -> Categories {
    if let names = try? node.elements() { return .names(try names.map { try $0.string() }) }
    if try node.string() == "classes" { return .classes }
    let path = try resolve(node)
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw node.failure(
        .badValue, "the file \(path) cannot be read.",
        "Write \"classes\", a list, or a file with one category a line.")
    }
    return .names(text.split(whereSeparator: \.isNewline).map(String.init))
  }
}
