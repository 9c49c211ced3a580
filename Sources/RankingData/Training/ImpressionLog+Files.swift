extension ImpressionLog {
  /// Reads a log, and a catalogue if there is one; formats follow from the names of the files.
  /// - Throws: `RankingDataError` naming file, line, column and value.
  public init(impressions: String, catalogue: String? = nil, schema: RankingSchema)
    throws(RankingDataError)
  {
    try self.init(
      TableFiles([impressions]), catalogue: catalogue.map { TableFiles([$0]) }, schema: schema)
  }

  /// Reads a log of several files, of which it keeps what the schema needs.
  /// - Throws: `RankingDataError` naming file, line, column and value.
  package init(
    _ files: TableFiles, catalogue: TableFiles? = nil, schema: RankingSchema
  ) throws(RankingDataError) {
    var items: Catalogue?
    if let catalogue { items = try Catalogue(catalogue.read()) }
    try self.init(
      files.read(ColumnSelection(schema.keptColumns)), catalogue: items, schema: schema)
  }

  /// Takes a prepared data set; nothing is read again.
  /// - Throws: `RankingDataError` where it lacks a column that the schema names.
  package init(_ dataset: PreparedDataset, schema: RankingSchema) throws(RankingDataError) {
    var items: Catalogue?
    if let catalogue = dataset.catalogue { items = try Catalogue(catalogue) }
    try self.init(dataset.log, catalogue: items, schema: schema)
  }
}

extension RankingSchema {
  /// What a reader keeps of a log.
  package var keptColumns: [String: Set<ColumnKind>] {
    columns.merging(optionalColumns) { $0.union($1) }
  }
}
