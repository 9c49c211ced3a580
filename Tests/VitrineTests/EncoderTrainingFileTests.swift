import FileSupport
import Testing
import Vitrine

@Suite("The configuration of an encoder's training")
struct EncoderTrainingFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let least = """
    objective: classification
    architecture: resnet18half
    data: {train: photos}

    """

  private func read(_ text: String) throws -> EncoderTrainingFile {
    try EncoderTrainingFile(path: folder.write(text, to: "train.yaml"))
  }

  @Test func everyKeyArrives() throws {
    let file = try read(
      """
      objective: classification
      architecture: resnet18half
      attention: category
      categories: [a, b]
      preprocessing: {resize: 72, crop: 64, crop_mode: squash, interpolation: bicubic}
      data: {train: photos, validation: held, test: /far/test.csv, memory: 100}
      training:
        {epochs: 7, batch_size: 48, optimizer: adamw, weight_decay: 0.1, schedule: step,
         step_epochs: 3, warmup_epochs: 0.5, mixup: 0.2, average: 0.99, arithmetic: bf16,
         batch_norm: frozen, clip_norm: 2, rare_images: 9, parents: {b: a}, seed: 8}
      augmentation: {area: [0.5, 0.9], flip: 0, erase_area: [0.1, 0.1]}
      initial: other
      weights: fp16
      """)
    #expect(file.configuration.attention == .category && file.categories == .names(["a", "b"]))
    let preprocessing = file.configuration.preprocessing
    #expect(preprocessing.crop == 64 && preprocessing.resize == 72)
    #expect(preprocessing.cropMode == .squash && preprocessing.interpolation == .bicubic)
    #expect(file.train == folder("photos") && file.validation == .input(folder("held")))
    #expect(file.test == "/far/test.csv" && file.memory == 100 && file.initial == folder("other"))
    let plan = file.plan
    #expect(plan.epochs == 7 && plan.batchSize == 48 && plan.optimizer == .adamw)
    #expect(plan.learningRate == 1e-3 && plan.weightDecay == 0.1 && plan.schedule == .step)
    #expect(plan.stepEpochs == 3 && plan.warmupEpochs == 0.5 && plan.mixup == 0.2)
    #expect(plan.average == 0.99 && plan.arithmetic == .bf16 && plan.batchNorm == .frozen)
    #expect(plan.clipNorm == 2 && plan.rareImages == 9 && plan.parents == ["b": "a"])
    #expect(plan.seed == 8 && plan.augmentation.area == 0.5...0.9 && plan.augmentation.flip == 0)
    #expect(plan.augmentation.eraseArea == 0.1...0.1 && file.weights == .fp16)
  }

  @Test func defaultsAreThoseOfThePlan() throws {
    let file = try read(least)
    #expect(file.plan == ClassificationPlan() && file.validation == .share(0.1))
    #expect(file.weights == .fp32 && file.test == nil && file.initial == nil)
    #expect(try read(least + "augmentation: none\n").plan.augmentation.isNone)
    #expect(try EncoderTraining.objective(of: folder("train.yaml")) == .classification)
  }

  @Test(arguments: [
    ("archtecture: resnet18\n", ["archtecture", "architecture"]),
    ("training: {epoch: 3}\n", ["training.epoch", "epochs"]),
    ("training: {optimizer: adam}\n", ["adam", "adamw"]),
    ("training: {batch_size: 1}\n", ["batch_size", "2"]),
    ("training: {learning_rate: fast}\n", ["fast"]),
    ("training: {verification: 0.3}\n", ["attention: category"]),
    ("augmentation: {area: 0.5}\n", ["augmentation.area", "list"]),
    ("augmentation: {area: [0.9, 0.5]}\n", ["empty"]),
    ("augmentation: {rotate: 3}\n", ["rotate", "rotation"]),
    ("categories: classes\n", ["attention"]),
    ("preprocessing: {croop: 3}\n", ["croop", "crop"]),
    ("weights: fp8\n", ["fp8", "fp16"]),
  ])
  func whatIsWrongIsNamed(_ text: String, _ parts: [String]) throws {
    do {
      _ = try read(least + text)
      Issue.record("\(text) was read")
    } catch {
      for part in parts + ["train.yaml", "4"] { #expect("\(error)".contains(part), "\(error)") }
    }
  }

  @Test func theObjectiveIsAskedFor() throws {
    let none = try folder.write("architecture: resnet18\n", to: "none.yaml")
    let wrong = try folder.write("objective: click\n", to: "wrong.yaml")
    for (path, parts) in [(none, ["objective", "classification"]), (wrong, ["click", "clicks"])] {
      do {
        _ = try EncoderTraining.objective(of: path)
        Issue.record("\(path) was read")
      } catch {
        for part in parts { #expect("\(error)".contains(part), "\(error)") }
      }
    }
  }
}
