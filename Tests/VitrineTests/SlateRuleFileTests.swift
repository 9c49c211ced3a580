import FileSupport
import Foundation
import RankingData
import Slates
import Tensors
import Testing
import Vitrine

@Suite struct SlateRuleFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func rulesAreReadAsDocumented() throws {
    let path = try folder.write(
      """
      eligibility:
        blocked: [42, "x"]
        blocked_categories: [Adult]
        require: {in_stock: ["true"], region: [de, at]}
        forbid: {rating: ["18"]}
        exclude_history: true
        frequency: [{feature: shown_7d, most: 3}]
      near_duplicates: {cosine: 0.9, product: product_id, hash: phash, hash_distance: 4}
      caps:
        - {by: category, most: 2, window: 5, relax: [window, cap]}
        - {by: brand, most: 1, window: null, relax: []}
      pins: [{item: "593", position: 0}]
      pin_feature: sponsored_position

      """, to: "rules.yaml")
    let rules = try SlateRules(path: path)
    #expect(rules.eligibility.blocked == ["42", "x"])
    #expect(rules.eligibility.require == ["in_stock": ["true"], "region": ["de", "at"]])
    #expect(rules.eligibility.frequency == [.init(feature: "shown_7d", most: 3)])
    #expect(rules.eligibility.excludeHistory)
    #expect(
      rules.nearDuplicates
        == NearDuplicates(cosine: 0.9, product: "product_id", hash: "phash", hashDistance: 4))
    #expect(
      rules.caps == [CategoryCap(), CategoryCap(by: "brand", most: 1, window: nil, relax: [])])
    #expect(rules.pins == [.init(item: "593", position: 0)])
    #expect(
      rules.features == [
        "in_stock", "region", "rating", "shown_7d", "product_id", "phash", "brand",
        "sponsored_position",
      ])
  }

  @Test(arguments: [
    ("capz: []", "caps"), ("caps: [{moist: 2}]", "most"), ("caps: [{most: 0}]", "at least 1"),
    ("caps: [{relax: [windows]}]", "relax"), ("near_duplicates: {cosin: 1}", "cosine"),
    ("eligibility: {block: [a]}", "blocked"), ("pins: [{item: a}]", "position"),
    ("eligibility: {frequency: [{feature: a, least: 1}]}", "most"), ("caps: 5", "caps"),
  ])
  func mistakesAreNamed(_ text: String, _ hint: String) throws {
    let path = try folder.write(text + "\n", to: "rules.yaml")
    #expect {
      try SlateRules(path: path)
    } throws: {
      "\($0)".contains(hint) && "\($0)".contains("rules.yaml")
    }
  }

  /// What a ranker wrote knows neither stock nor history; the request and the catalogue do.
  @Test func listsAreCompletedForRules() throws {
    let lists = """
      {"id":"r1","items":[{"id":"a","index":0,"score":3},{"id":"b","index":1,"score":2},\
      {"id":"c","index":2,"score":1}]}
      {"id":"r2","items":[{"id":"a","index":0,"score":3}]}

      """
    let requests = """
      {"id":"r1","history":[{"id":"b"}],"items":[{"id":"a","features":{"stock":"no"}},{"id":"b"},\
      {"id":"c"}]}
      {"id":"r2","items":[{"id":"a"}]}

      """
    let input = try folder.write(lists, to: "lists.jsonl")
    let asked = try folder.write(requests, to: "requests.jsonl")
    let catalogue = try folder.write("id,category,stock\na,x,yes\nb,x,yes\nc,y,yes\n", to: "c.csv")
    let reranker = try SlateReranker(
      rules: SlateRules(
        eligibility: Eligibility(require: ["stock": ["yes"]], excludeHistory: true)),
      options: .init(explains: true))
    let output = folder("slates.jsonl")
    #expect(
      try RequestStream.rerank(
        input, with: reranker, requests: asked, catalogue: catalogue, output: output) == 2)
    var reader = try JSONLinesReader<RankedList>(path: output)
    let slates = try reader.readAll()
    // The request's word stands above the catalogue's.
    #expect(slates.map { $0.items.map(\.id) } == [["c"], ["a"]])
    #expect(slates[0].removed?.map(\.id) == ["a", "b"])
    #expect(slates[0].removed?.last?.reason == "in the user's history")
    #expect(slates[0].items[0].category == "y")

    let other = try folder.write(requests.replacing("r2", with: "r3"), to: "other.jsonl")
    #expect {
      try RequestStream.rerank(input, with: reranker, requests: other, output: output)
    } throws: { "\($0)".contains("r3") && "\($0)".contains("line 2") }
    let short = try folder.write(String(requests.split(separator: "\n")[0]), to: "short.jsonl")
    #expect {
      try RequestStream.rerank(input, with: reranker, requests: short, output: output)
    } throws: { "\($0)".contains("ends before") }
  }

  @Test func embeddingsComeFromAFolder() throws {
    try FileManager.default.createDirectory(
      atPath: folder("vectors"), withIntermediateDirectories: true)
    func save(_ elements: NumpyArray.Elements, _ shape: [Int], _ ids: String) throws {
      try NumpyArray(shape: shape, elements: elements).write(to: folder("vectors/features.npy"))
      _ = try folder.write(ids, to: "vectors/ids.txt")
    }
    try save(.float32([1, 2, 3, 4]), [2, 2], "a\nb\n")
    let table = try VisualTable(folder: folder("vectors"))
    #expect(table.ids == ["a", "b"] && table.vectors == [1, 2, 3, 4])
    try save(.float16([0x3C00, 0x4000]), [1, 2], "a")
    #expect(try VisualTable(folder: folder("vectors")).vectors == [1, 2])
    for (elements, shape, ids) in [
      (NumpyArray.Elements.float32([1, 2]), [2], "a\nb\n"), (.float32([1, 2]), [2, 1], "a\n"),
      (.float32([1, .nan]), [2, 1], "a\nb\n"), (.uint8([1, 2]), [2, 1], "a\nb\n"),
    ] {
      try save(elements, shape, ids)
      #expect(throws: (any Error).self) { try VisualTable(folder: folder("vectors")) }
    }
  }
}
