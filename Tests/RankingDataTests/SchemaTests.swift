import Foundation
import RankingData
import Testing

private let complete = """
  label: click
  request: request
  user: user
  item: item
  timestamp: timestamp
  weight: weight
  categorical:
    - user
    - name: item
      minimum_count: 2
    - category
    - device
  multi_valued:
    - name: genres
      minimum_count: 3
      separator: ";"
      limit: 20
    - name: history
      limit: 30
  numeric:
    - age
    - name: price
      transform: log
  visual:
    items: true
    history: true
    limit: 10
  """

@Suite struct SchemaTests {
  @Test func readsEveryKey() throws {
    let schema = try RankingSchema(yaml: complete)
    #expect(
      schema
        == RankingSchema(
          weight: "weight",
          categorical: [
            .init(name: "user"), .init(name: "item", minimumCount: 2), .init(name: "category"),
            .init(name: "device"),
          ],
          multiValued: [
            .init(name: "genres", minimumCount: 3, separator: ";", limit: 20),
            .init(name: "history", limit: 30),
          ],
          numeric: [.init(name: "age"), .init(name: "price", transform: .log)],
          visual: VisualFields(items: true, history: true, limit: 10)))
    let encoded = try JSONEncoder().encode(schema)
    #expect(try JSONDecoder().decode(RankingSchema.self, from: encoded) == schema)
    #expect(try RankingSchema(yaml: "visual: true").visual.items)
  }

  @Test(arguments: [
    ("catgorical: [user]", 1, "Did you mean \"categorical\"?"),
    ("numeric:\n  - name: x\n    tranform: log", 3, "Did you mean \"transform\"?"),
    ("numeric:\n  - name: x\n    transform: logg", 3, "Did you mean \"log\"?"),
    ("categorical:\n  - name: x\n    minimum_count: 0", 3, "at least 1"),
    ("categorical:\n  - minimum_count: 2", 2, "no \"name\""),
    ("categorical:\n  - x\n  - x", 3, "listed twice"),
    ("visual: maybe", 1, "true or false"),
    ("label: click", 1, "names no feature"),
    ("categorical: user", 1, "a list"),
    ("[1, 2]", 1, "keys and values"),
    ("label: a: b", 1, "not YAML"),
  ])
  func namesLineAndRemedy(_ yaml: String, _ line: Int, _ text: String) {
    let error = failure { _ = try RankingSchema(yaml: yaml, file: "schema.yaml") }
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "no error")")
    #expect(error?.description.hasPrefix("schema.yaml:\(line):") == true)
  }

  @Test func vocabulariesAreOrderedByCountThenBytes() throws {
    let counts = ["b": 3, "a": 3, "é": 3, "rare": 1, "top": 9, "": 50]
    let vocabulary = Vocabulary(counts: counts, minimumCount: 2)
    #expect(vocabulary.ids == ["top", "a", "b", "é"] && vocabulary.count == 5)
    #expect(vocabulary.row(of: "top") == 1 && vocabulary.row(of: "rare") == 0)
    #expect(vocabulary.row(of: "é") == 4 && vocabulary.row(of: "") == 0)
    let decoded = try JSONDecoder().decode(
      Vocabulary.self, from: JSONEncoder().encode(vocabulary))
    #expect(decoded == vocabulary)
    #expect(Vocabulary(ids: []).count == 1 && Vocabulary(ids: []).row(of: "x") == 0)
  }

  @Test func numbersAreScaledOverTrainingRows() {
    let plain = NumericTransform(field: .init(name: "x"), values: [1, 3, 5])
    #expect(plain.mean == 3 && !plain.indicator && plain.width == 1)
    #expect(abs(plain(5) - 1.2247449) < 1e-6 && plain(.nan) == 0)
    let log = NumericTransform(field: .init(name: "x", transform: .log), values: [0, .nan, 0])
    #expect(log.scale == 1 && log.indicator && log.width == 2 && log(0) == 0)
    #expect(abs(log(1) - 0.6931472) < 1e-6)
    let constant = NumericTransform(field: .init(name: "x"), values: [0.1, 0.1, 0.1])
    #expect(constant.scale == 1)
    let none = NumericTransform(field: .init(name: "x", transform: .none), values: [2, 4])
    #expect(none(7) == 7 && none(.nan) == 3)
  }
}
