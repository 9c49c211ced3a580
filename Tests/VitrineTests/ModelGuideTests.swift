import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct ModelGuideTests {
  @Test(arguments: ModelGuide.kinds)
  func everyKindSaysWhatItIs(_ kind: String) throws {
    let guide = try ModelGuide(kind: kind)
    #expect(!guide.summary.title.isEmpty && guide.summary.title != kind, "\(kind) has no summary")
    #expect(!guide.summary.paper.isEmpty && !guide.summary.reads.isEmpty, "\(kind)")
    #expect(guide.training.contains { $0.name == "epochs" && $0.usual != nil })
    for key in guide.model { #expect(!key.name.isEmpty) }
    #expect(guide.example.contains("kind: \(kind)") && guide.example.contains("data:"))
  }

  /// On the shop of the simulation, for a single epoch or a few trees.
  @Test(arguments: RankerRegistry.kinds)
  func everyExampleTrains(_ kind: String) throws {
    let shop = try SmallShop.shared.get()
    let folder = try TemporaryFolder()
    let example = try ModelGuide(kind: kind).example
    var overrides = TrainingFile.Overrides()
    (overrides.impressions, overrides.catalogue) = (shop.impressions, SmallShop.catalogue)
    var file = try TrainingFile(
      path: folder.write(example, to: "example.yaml"), overrides: overrides)
    guard case .ranker(var specification, var training, let schema) = file.task else {
      Issue.record("\(kind) is no ranker")
      return
    }
    training.epochs = 1
    if var trees = specification.configuration as? BoostedTrees.Configuration {
      trees.rounds = 3
      specification = RankerSpecification(trees)
    }
    file.task = .ranker(specification, training, schema)
    _ = try ModelTraining(file).run(
      output: folder("model"), checkpoint: folder("checkpoint"), resume: false)
  }

  @Test func aMisspeltKindIsSuggested() {
    let error = #expect(throws: RankerError.self) { try ModelGuide(kind: "deepfn") }
    #expect(error.map { "\($0)" }?.contains("deepfm") == true)
  }
}
