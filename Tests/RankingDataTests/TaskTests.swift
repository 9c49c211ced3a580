import Foundation
import RankingData
import Testing

@Suite struct TaskTests {
  private static let yaml = """
    label: click
    tasks:
      - purchase
      - {name: order, column: gmv, threshold: 10}
      - {name: kept, column: state, positive: [kept, given]}
    categorical: [item]
    """
  private static let csv = """
    request,user,item,timestamp,click,purchase,gmv,state
    r1,u,a,1,1,1,25,kept
    r1,u,b,1,0,,,
    r2,v,a,2,1,0,9.5,returned
    r2,v,c,2,1,0.5,10,given
    """

  private func log(_ csv: String, _ yaml: String = Self.yaml) throws -> ImpressionLog {
    try ImpressionLog(
      Table(csv: csv, name: "log.csv"), catalogue: nil, schema: RankingSchema(yaml: yaml))
  }

  @Test func labelsOfEveryTaskReachTheBatch() throws {
    let log = try log(Self.csv)
    let transform = try FeatureTransform.fit(log, schema: log.schema)
    #expect(transform.layout.tasks == ["purchase", "order", "kept"])
    let compiled = try CompiledLog(log, transform: transform)
    let batch = compiled.batch([3, 1, 0, 2])
    func same(_ found: [Float], _ expected: [Float]) -> Bool {
      zip(found, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
    }
    #expect(same(batch.taskLabels[0], [0.5, .nan, 1, 0]))
    #expect(same(batch.taskLabels[1], [1, .nan, 1, 0]))
    #expect(same(batch.taskLabels[2], [1, .nan, 1, 0]))
    #expect(same(compiled.taskLabels[1], [1, .nan, 0, 1]))
    #expect(batch.labels == [1, 0, 1, 1])
  }

  @Test func requestsSayNothingAboutTasks() throws {
    let log = try log(Self.csv)
    let transform = try FeatureTransform.fit(log, schema: log.schema)
    let request = RankingRequest(id: "r", items: [Candidate(id: "a")])
    #expect(transform.batch(for: request).taskLabels.isEmpty)
  }

  /// Drawn rows were seen by nobody.
  @Test func drawnRowsAreNotObserved() throws {
    let log = try log(Self.csv)
    var plan = NegativePlan()
    plan.perPositive = 1
    let drawn = log.drawNegatives(plan, for: [0, 2, 3], training: [0, 1, 2, 3])
    let extended = log.adding(drawn, plan, training: [0, 1, 2, 3])
    #expect(extended.count > 4)
    #expect(extended.taskLabels.allSatisfy { $0.dropFirst(4).allSatisfy { $0.isNaN } })
  }

  @Test(arguments: [
    ("tasks: [click]\ncategorical: [item]", "name of the label"),
    ("tasks: [buy, buy]\ncategorical: [item]", "listed twice"),
    ("tasks: [gmv]\nnumeric: [gmv]", "the task \"gmv\" predicts it"),
    ("tasks: [{name: order, column: gmv, threshold: 1}]\nnumeric: [gmv]", "\"order\" predicts it"),
    ("tasks: [{name: order, colum: gmv}]\ncategorical: [item]", "Did you mean \"column\"?"),
    ("tasks: [{name: x, threshold: 1, positive: [a]}]\ncategorical: [item]", "not by both"),
  ])
  func refusals(yaml: String, expected: String) {
    let error = failure { _ = try RankingSchema(yaml: yaml) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func aLabelOutsideZeroAndOneNamesItsLine() {
    let error = failure {
      _ = try log(Self.csv.replacing("1,0,9.5", with: "1,3,9.5"))
    }
    #expect(error?.line == 4 && error?.description.contains("purchase") == true)
  }

  @Test func olderSchemasHaveNoTasks() throws {
    let schema = try RankingSchema(yaml: Self.yaml)
    var object = try #require(
      JSONSerialization.jsonObject(with: JSONEncoder().encode(schema)) as? [String: Any])
    #expect(
      try JSONDecoder().decode(
        RankingSchema.self, from: JSONSerialization.data(withJSONObject: object)) == schema)
    object["tasks"] = nil
    let older = try JSONDecoder().decode(
      RankingSchema.self, from: JSONSerialization.data(withJSONObject: object))
    #expect(older.tasks.isEmpty && older.categorical == schema.categorical)
  }

  @Test func answersCarryProbabilitiesByName() throws {
    let item = RankedItem(
      id: "a", index: 0, score: 0.5, tasks: ["purchase": 0.25, "click": 0.5])
    let list = RankedList(id: "r", items: [item])
    let json = try list.json()
    #expect(json.contains(#""tasks":{"click":0.5,"purchase":0.25}"#))
    #expect(try RankedList(json: Array(json.utf8)) == list)
  }
}
