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

@Suite struct SchemaFieldTests {
  @Test func readsEveryKindOfField() throws {
    let schema = try RankingSchema(
      yaml: """
        label: {name: income, positive: ["50000+."]}
        request: none
        user: none
        item: none
        timestamp: at
        categorical: [{name: city, hash: 100000}]
        multi_valued:
          - {name: liked, columns: [m1, m2, m3]}
          - {name: clicked, times: clicked_at}
          - {name: history, ages: true}
        numeric:
          - {name: "f*", transform: none}
          - {name: age, transform: quantile, powers: [1, 2, 0.5]}
          - {name: age, buckets: 10}
          - {name: price, buckets: [18, 25, 40]}
        crosses:
          - {fields: [device, category], minimum_count: 10}
          - {fields: [city, age], hash: 65536}
        counters:
          - by: item_id
            outputs: [rate, lower, log_impressions]
            smoothing: {alpha: 3, beta: 97}
            fallback: category
            half_life: 604800
            confidence: 1.96
          - {by: [device, category], smoothing: beta, fallback: [device], transform: none}
          - {by: item_id, outputs: [rate], half_life: 3600}
        """)
    let expected = RankingSchema(
      label: LabelRule(name: "income", positive: ["50000+."]), request: nil, user: nil, item: nil,
      timestamp: "at", categorical: [.init(name: "city", hash: 100_000)],
      multiValued: [
        .init(name: "liked", columns: ["m1", "m2", "m3"]),
        .init(name: "clicked", times: "clicked_at"), .init(name: "history", ages: true),
      ],
      numeric: [
        .init(name: "f*", transform: .none),
        .init(name: "age", transform: .quantile, powers: [1, 2, 0.5]),
        .init(name: "age", buckets: .equalMass(10)),
        .init(name: "price", buckets: .edges([18, 25, 40])),
      ],
      crosses: [
        .init(fields: ["device", "category"], minimumCount: 10),
        .init(fields: ["city", "age"], hash: 65536),
      ],
      counters: [
        .init(
          by: ["item_id"], smoothing: .fixed(BetaPrior(alpha: 3, beta: 97)),
          fallback: ["category"], halfLife: 604_800),
        .init(by: ["device", "category"], fallback: ["device"], transform: .none),
        .init(by: ["item_id"], outputs: [.rate], halfLife: 3600),
      ])
    #expect(schema == expected)
    let encoded = try JSONEncoder().encode(schema)
    #expect(try JSONDecoder().decode(RankingSchema.self, from: encoded) == schema)
    #expect(schema.reserved == ["income is one of 50000+.", "none", "none", "none", "at"])
    #expect(schema.counters[2].columns == ["rate of item_id, half-life 3600 s"])
    #expect(
      schema.columns == [
        "income": [.text], "at": [.number], "city": [.text], "m1": [.text], "m2": [.text],
        "m3": [.text], "clicked": [.text], "clicked_at": [.text], "f*": [.number],
        "age": [.number], "price": [.number], "device": [.text], "category": [.text],
        "item_id": [.text],
      ])
  }

  @Test(arguments: [
    ("label: {name: x, positive: [a], threshold: 3}", 1, "not by both"),
    ("label: {name: x, positive: []}", 1, "no text is positive"),
    ("categorical:\n  - {name: x, hash: 10, minimum_count: 2}", 2, "counts nothing"),
    ("categorical:\n  - {name: x, hash: 0}", 2, "from 1 to"),
    ("multi_valued:\n  - {name: x, ages: true}", 2, "no ages"),
    ("multi_valued:\n  - {name: x, columns: [a], times: t}", 2, "ids of one column"),
    ("multi_valued:\n  - {name: history, times: t}", 2, "from the log itself"),
    ("timestamp: none\nmulti_valued:\n  - history", 1, "timestamp is none"),
    ("timestamp: none\ncounters:\n  - {by: x, half_life: 60}", 1, "timestamp is none"),
    ("numeric:\n  - {name: x, powers: [1, 2]}", 2, "of a quantile"),
    ("numeric:\n  - {name: x, buckets: [3, 1]}", 2, "do not ascend"),
    ("numeric:\n  - {name: x, buckets: 1}", 2, "from 2 to"),
    ("numeric:\n  - {name: x, buckets: 3, transform: log}", 2, "no scale"),
    ("numeric:\n  - {name: x, buckets: 3}\n  - {name: x, buckets: 4}", 3, "listed twice"),
    ("crosses:\n  - {fields: [a]}", 2, "two or more"),
    ("crosses:\n  - {fields: [a, click]}", 2, "is the label"),
    ("counters:\n  - {by: position}", 2, "nobody knows the position"),
    ("counters:\n  - {by: x, outputs: [rates]}", 2, "Did you mean \"rate\"?"),
    ("counters:\n  - {by: x, smoothing: gamma}", 2, "no smoothing"),
    ("counters:\n  - {by: x, smoothing: {alpha: 0, beta: 1}}", 2, "\"0\" is no number from"),
  ])
  func namesLineAndRemedy(_ yaml: String, _ line: Int, _ text: String) {
    let error = failure { _ = try RankingSchema(yaml: yaml, file: "schema.yaml") }
    #expect(error?.description.contains(text) == true, "\(error?.description ?? "no error")")
    #expect(error?.description.hasPrefix("schema.yaml:\(line):") == true)
  }

  @Test func aPatternStandsForTheColumnsThatAreFree() throws {
    let schema = try RankingSchema(
      yaml: """
        label: {name: fit, threshold: 2}
        categorical: [f9]
        numeric: ["f*", {name: "f*", buckets: 3}, {name: f1, transform: log}, {name: "*_s*e"}]
        """)
    let names = ["fit", "user", "f1", "f9", "g2", "f2", "f10", "x_size", "x_sizes"]
    let resolved = try schema.resolved(columns: names)
    #expect(resolved.numbers.map(\.name) == ["f2", "f10", "f1", "x_size"])
    #expect(resolved.numeric.filter { $0.buckets != nil }.map(\.name) == ["f2", "f10"])
    let crossed = try RankingSchema(
      yaml: "numeric: [\"f*\", {name: \"f*\", buckets: 3}]\ncrosses: [{fields: [f1, f2]}]"
    ).resolved(columns: ["click", "f1", "f2"])
    #expect(crossed.numbers.map(\.name) == ["f1", "f2"])
    #expect(crossed.columns["f1"] == [.number])
    let error = failure { _ = try schema.resolved(columns: ["fit", "f9"]) }
    #expect(error?.code == .missingColumn && error?.description.contains("\"f*\"") == true)
  }

  @Test func labelsFollowTheirRule() throws {
    func labels(_ rule: LabelRule) throws -> [Float] {
      let csv = "request,user,item,timestamp,click\nr,u,a,1,3\nr,u,b,1,0\nr,u,c,1,5\n"
      return Array(
        try ImpressionLog(Table(csv: csv), catalogue: nil, schema: RankingSchema(label: rule))
          .labels)
    }
    #expect(try labels("click") == [3, 0, 5])
    #expect(try labels(LabelRule(name: "click", threshold: 4)) == [0, 0, 1])
    #expect(try labels(LabelRule(name: "click", positive: ["0", "3"])) == [1, 1, 0])
  }

  @Test func rolesThatTheDataLack() throws {
    let schema = RankingSchema(
      request: nil, user: nil, item: nil, timestamp: nil,
      categorical: [.init(name: "colour")], numeric: [.init(name: "n")])
    let csv = "click,colour,n\n1,red,1\n0,blue,2\n1,red,3\n"
    let log = try ImpressionLog(Table(csv: csv), catalogue: nil, schema: schema)
    let transform = try FeatureTransform.fit(log, schema: schema)
    let compiled = try CompiledLog(log, transform: transform)
    let requests = try log.loggedRequests()
    #expect(requests.map(\.request.id) == ["1", "2", "3"])
    #expect(requests.map(\.request.items[0].id) == ["1", "2", "3"])
    #expect(requests.allSatisfy { $0.request.timestamp == nil })
    for logged in requests {
      let (rows, served) = (compiled.batch(logged.rows), transform.batch(for: logged.request))
      #expect(rows.numeric == served.numeric && rows.categorical == served.categorical)
    }
  }
}
