import FileSupport
import Foundation
import Images
import NeuralNetworks
import Tensors
import Testing
import VisualEncoder

@Suite("Learning classes")
struct ClassificationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try ColouredPictures.write(5, to: folder, "set")
  }

  private func training(
    _ attention: Attention = .none, _ change: (inout ClassificationPlan) -> Void = { _ in }
  ) -> ClassificationTraining {
    var plan = ClassificationPlan()
    (plan.epochs, plan.batchSize, plan.warmupEpochs) = (6, 10, 1)
    (plan.learningRate, plan.labelSmoothing) = (0.02, 0)
    plan.augmentation = .none
    change(&plan)
    return ClassificationTraining(
      plan,
      EncoderConfiguration(
        architecture: .resnet18half, attention: attention,
        categories: attention == .category ? ColouredPictures.classes : [],
        preprocessing: ColouredPictures.preprocessing))
  }

  private func run(
    _ training: ClassificationTraining, checkpoint: Checkpoint? = nil,
    progress: (ClassificationProgress) -> Void = { _ in }
  ) throws -> ClassificationOutcome {
    let train = try ColouredPictures.decoded(folder, "set", training.trainingPreprocessing)
    let validation = try ColouredPictures.decoded(folder, "set", ColouredPictures.preprocessing)
    return try training.run(
      train: train, validation: validation, checkpoint: checkpoint, progress: progress)
  }

  @Test(arguments: [Attention.none, .category])
  func twentyPicturesAreLearntByHeart(_ attention: Attention) throws {
    var progress: [ClassificationProgress] = []
    let outcome = try run(
      training(attention) { $0.epochs = 12 }, progress: { progress.append($0) })
    #expect(outcome.record.best?.score == 1, "\(outcome.record)")
    let validation = try ColouredPictures.decoded(folder, "set", ColouredPictures.preprocessing)
    let report = ClassifierEvaluation(validation, workers: 2).run(
      outcome.classifier, neighbours: true)
    #expect(report.accuracy == 1 && report.recall == [1, 1, 1, 1])
    #expect(report.confusion == (0..<4).map { row in (0..<4).map { $0 == row ? 5 : 0 } })
    #expect((report.neighbourAgreement ?? 0) > 0.9)
    #expect(progress.count == 24 && progress.last?.epoch == 12 && progress.last?.step == 2)
    #expect((outcome.stepImagesPerSecond ?? 0) > 0)
    #expect(outcome.sharedCodes == (attention == .category ? ColouredPictures.classes : []))
    let weights = try outcome.classifier.encoderWeights()
    #expect(weights.tensors["fc.weight"]?.shape == [4, 256])
  }

  @Test func picturesOfSeveralClassesAreLearntByHeart() throws {
    // Red and blue are plain as well; stripes and green are not.
    let rows = ColouredPictures.classes.flatMap { title in
      (0..<5).map {
        "\(title)\($0),set/\(title)/\($0).png,\(title)\(Self.isPlain(title) ? "|plain" : "")"
      }
    }
    try folder.write("id,path,label\n" + rows.joined(separator: "\n") + "\n", to: "labels.csv")
    let plan = training { $0.epochs = 12 }
    let pictures = try ColouredPictures.decoded(
      folder, "labels.csv", ColouredPictures.preprocessing)
    #expect(pictures.images.isMultiLabel && pictures.images.classes.contains("plain"))
    let outcome = try plan.run(train: pictures, validation: pictures)
    let report = ClassifierEvaluation(pictures, workers: 2).run(outcome.classifier)
    #expect(report.confusion.isEmpty && (report.meanAveragePrecision ?? 0) > 0.95, "\(report)")
    #expect(outcome.record.best?.score == report.meanAveragePrecision)
  }

  private static func isPlain(_ title: String) -> Bool { title == "red" || title == "blue" }

  private func bits(_ outcome: ClassificationOutcome) -> [[Scalar]] {
    ParameterList(outcome.classifier).entries.map { $0.parameter.value.scalars }
  }

  @Test func aResumedTrainingEndsWithTheSameBits() throws {
    let plan = training { plan in
      plan.augmentation = Augmentation()
      (plan.epochs, plan.schedule) = (4, .constant)
      (plan.mixup, plan.dropout, plan.average) = (0.2, 0.1, 0.9)
    }
    let whole = try run(plan)
    var first = plan.plan
    first.epochs = 2
    let path = folder("checkpoint")
    _ = try run(
      ClassificationTraining(first, plan.configuration),
      checkpoint: Checkpoint(path: path, resume: false))
    var second = plan.plan
    second.workers = 1
    let resumed = try run(
      ClassificationTraining(second, plan.configuration),
      checkpoint: Checkpoint(path: path, resume: true))
    #expect(resumed.record == whole.record)
    #expect(bits(resumed) == bits(whole))
  }

  @Test func aStepWithoutAFiniteLossNamesItsPictures() throws {
    let error = #expect(throws: NotFiniteBatch.self) {
      _ = try run(
        training { plan in
          (plan.learningRate, plan.clipNorm, plan.warmupEpochs) = (1e30, nil, 0)
        })
    }
    #expect(error?.images.count == 10)
    #expect(error?.description.contains("red/") == true, "\(String(describing: error))")
  }

  @Test func rareCategoriesShareTheirParentsCode() throws {
    let configuration = EncoderConfiguration(
      architecture: .resnet18half, attention: .category, categories: ["a", "b", "c", "d"],
      preprocessing: ColouredPictures.preprocessing)
    let weights = try EncoderWeights(random: 1, for: configuration)
    let rare = RareCategories(leastImages: 10, parents: ["c": "b", "d": "c"])
    let (shared, names) = try rare.share(weights, configuration, counts: [3, 50, 2, 1])
    #expect(names == ["a", "c", "d"])
    let name = "layer1.0.gate.channel.code"
    let before = try #require(weights.tensors[name]).floats
    let after = try #require(shared.tensors[name]).floats
    func row(_ values: [Float], _ row: Int) -> [Float] { Array(values[row * 20..<row * 20 + 20]) }
    #expect(row(after, 1) == row(before, 0))
    #expect(row(after, 2) == row(before, 2))
    #expect(row(after, 3) == row(before, 2) && row(after, 4) == row(before, 2))
    let circle = RareCategories(leastImages: 10, parents: ["c": "d", "d": "c"])
    let (turned, _) = try circle.share(weights, configuration, counts: [99, 99, 1, 1])
    #expect(row(try #require(turned.tensors[name]).floats, 3) == row(before, 0))
    #expect(throws: VisualEncoderError.self) {
      _ = try RareCategories(leastImages: 1, parents: ["a": "z"])
        .share(weights, configuration, counts: [9, 9, 9, 9])
    }
  }

  @Test func figuresOfAReport() {
    let images = LabelledImages(
      classes: ["x", "y"],
      images: [[0], [0], [1], [1]].enumerated().map {
        LabelledImage(id: "\($0)", path: "", labels: $1)
      })
    let report = ClassificationReport(
      images, logits: [[2, 1], [0, 3], [0, 1], [1, 4]], loss: 0.5)
    #expect(report.accuracy == 0.75 && report.recall == [0.5, 1] && report.score == 0.75)
    #expect(report.confusion == [[1, 1], [0, 2]])
    let several = LabelledImages(
      classes: ["x", "y", "z"],
      images: [[0, 1], [1], [0]].enumerated().map {
        LabelledImage(id: "\($0)", path: "", labels: $1)
      }, isMultiLabel: true)
    let judged = ClassificationReport(
      several, logits: [[1, 1, -1], [2, 1, -1], [0.5, -1, -1]], loss: 0)
    #expect(judged.accuracy == 8.0 / 9 && judged.recall == [1, 1, nil])
    // x: ranks 2 and 3 are right: (1/2 + 2/3) / 2; y: both first.
    #expect(abs((judged.meanAveragePrecision ?? 0) - (7.0 / 12 + 1) / 2) < 1e-12)
    #expect(
      NeighbourAgreement.of(
        [[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.8]], labels: [[0], [0], [1], [0]])
        == 0.5)
  }

  @Test func halfPrecisionIsReadBackAsItWasWritten() throws {
    let configuration = training().configuration
    let weights = try EncoderWeights(random: 5, for: configuration)
    let made = try EncoderBundle.create(
      at: folder("half"), configuration: configuration, weights: weights, precision: .fp16)
    let read = try EncoderBundle.load(folder("half"))
    #expect(read.weights.tensors == made.weights.tensors && read.hash == made.hash)
    #expect(read.weights.tensors["bn1.weight"] == weights.tensors["bn1.weight"])
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: folder("half/weights.safetensors"))[.size]
        as? Int)
    #expect(Double(size) < 2.1 * Double(weights.parameterCount))
    var large = weights.tensors
    large["conv1.weight"] = StoredTensor(
      shape: [32, 3, 7, 7], floats: [Float](repeating: 1e6, count: 32 * 147))
    let error = #expect(throws: VisualEncoderError.self) {
      _ = try EncoderBundle.create(
        at: folder("large"), configuration: configuration,
        weights: EncoderWeights(large, for: configuration, path: ""), precision: .fp16)
    }
    #expect(error?.reason.contains("fp32") == true)
  }
}
