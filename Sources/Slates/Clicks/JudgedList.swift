public import RankingData

/// A list with the grade that a judge gave each candidate: what click worlds make clicks of.
public struct JudgedList: Sendable {
  /// The candidates in base order, with their numbers.
  public let list: SlateList
  /// The grade of each, in base order; 0 is not relevant.
  public let grades: [Double]

  /// Joins a list and grades in its order.
  /// - Throws: `SlateError` where the counts differ or a grade is no finite number from 0.
  public init(_ list: SlateList, grades: [Double]) throws(SlateError) {
    guard grades.count == list.count else {
      throw .countMismatch(
        list: list.id, column: "grades", expected: list.count, found: grades.count)
    }
    if let bad = grades.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
      throw .grade(
        list: list.id, item: list.ids[bad], value: "\(grades[bad])",
        rule: "a grade is a finite number from 0")
    }
    self.list = list
    self.grades = grades
  }

  /// Reads a request whose items bring their grade as a feature. All their other numbers are
  /// features of the list, in the order of their names.
  /// - Parameters:
  ///   - grade: the name of the grade.
  ///   - limit: only so many candidates from the head of the base order are kept.
  /// - Throws: `SlateError.grade` where an item has none.
  public init(
    _ request: RankingRequest, grade: String = "relevance", limit: Int = .max
  ) throws(SlateError) {
    var names: Set<String> = []
    for item in request.items {
      for (name, value) in item.features where name != grade && value.number != nil {
        names.insert(name)
      }
    }
    let all = try SlateList(request, features: names.sorted())
    let list = all.count > limit ? all.selecting(Array(0..<max(limit, 0))) : all
    var grades: [Double] = []
    for (place, position) in list.positions.enumerated() {
      guard let value = request.items[position].features[grade]?.number else {
        throw .grade(
          list: request.id, item: list.ids[place], value: "missing",
          rule: "every item needs its grade as the feature “\(grade)”")
      }
      grades.append(value)
    }
    try self.init(list, grades: grades)
  }

  /// Number of candidates.
  public var count: Int { list.count }
}
