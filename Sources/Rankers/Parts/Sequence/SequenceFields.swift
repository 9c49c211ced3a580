package import NeuralNetworks
package import RankingData
package import Tensors

/// What models of a user's history read: a vector for the candidate, one in the same space for every
/// item of the history, and all other fields as they are.
///
/// Both vectors are the item's, those of its attributes that the history knows too (its category,
/// say), and the projection of its image where the images of histories are read; a candidate and an
/// event share tables and projection, so equal items have equal vectors.
package struct SequenceFields: Module {
  let rows: FieldRows
  /// `[ids, unit]`: one vector for each id.
  package let table: Parameter
  /// The visual features, if any.
  package var visual: VisualBlock?
  private let unit: Int
  let reading: SequenceReading
  /// Numbers in the vector of a candidate or an event.
  package let width: Int
  /// Numbers in the context of a row.
  package let contextWidth: Int

  /// - Parameters:
  ///   - unit: numbers in the vector of an id and in the projection of an image.
  ///   - deviation: of the first vectors, drawn from a normal distribution around 0.
  /// - Throws: `RankerError.configuration` where the schema has no history or no item field.
  package init(
    input: RankerInput, unit: Int, deviation: Scalar, random: inout RandomStream
  ) throws(RankerError) {
    let layout = input.layout
    reading = try SequenceReading(input)
    rows = try FieldRows(layout, sharingHistory: true)
    self.unit = unit
    try rows.verify(width: unit)
    table = Parameter(Tensor(normal: deviation, shape: [rows.count, unit], random: &random))
    if input.readsImages, let description = input.visual {
      visual = VisualBlock(
        input: description, width: unit, normalized: true, history: false, deviation: deviation,
        random: &random)
    }
    width = unit * (reading.fields.count + (reading.imagesInSequence ? 1 : 0))
    let imageWidth = visual == nil ? 0 : 1 + (reading.imagesInSequence ? 0 : unit)
    contextWidth =
      unit * (reading.contextFields.count + reading.contextBags.count) + layout.numericWidth
      + imageWidth
  }

  /// The vectors of a batch. O(rows + events of distinct lists).
  package func callAsFunction(_ batch: RankingBatch, _ pass: Pass) -> SequenceVectors {
    let lists = reading.lists(of: batch)
    let target = rows.categoricalRows(batch, fields: reading.fields)
    let events = reading.events(of: batch, lists, in: rows)
    var items = [pass.gather(table, target).reshaped([batch.count, reading.fields.count * unit])]
    var happened = [
      pass.gather(table, events).reshaped([lists.eventCount, reading.fields.count * unit])
    ]
    var context: [Tensor] = []
    if !reading.contextFields.isEmpty {
      context.append(
        pass.gather(table, rows.categoricalRows(batch, fields: reading.contextFields))
          .reshaped([batch.count, reading.contextFields.count * unit]))
    }
    if !reading.contextBags.isEmpty {
      let bag = rows.bagRows(batch, fields: reading.contextBags)
      context.append(
        pass.gatherBags(table, values: bag.values, offsets: bag.offsets)
          .reshaped([batch.count, reading.contextBags.count * unit]))
    }
    let looked = items + happened + context
    if let numbers = batch.numbers { context.append(numbers) }
    if let visual {
      let images = visual.sequence(
        items: batch, events: reading.imagesInSequence ? reading.images(of: batch, lists) : [], pass
      )
      if reading.imagesInSequence {
        items.append(images.items)
        happened.append(images.events)
      } else {
        context.append(images.items)
      }
      context.append(images.flags)
    }
    return SequenceVectors(
      target: items.count == 1 ? items[0] : concatenate(items, axis: 1),
      events: happened.count == 1 ? happened[0] : concatenate(happened, axis: 1), lists: lists,
      context: context.isEmpty
        ? nil : context.count == 1 ? context[0] : concatenate(context, axis: 1),
      lookedUp: looked)
  }

  package func collect(into list: inout ParameterList) {
    list.add("table", table, sections: rows.sections)
    if let visual { list.add("visual", visual) }
  }
}

/// What `SequenceFields` makes of a batch.
package struct SequenceVectors {
  /// `[count, width]`: of each candidate.
  package let target: Tensor
  /// `[events, width]`: of each event of the lists, end to end, oldest first.
  package let events: Tensor
  /// Which events are whose.
  package let lists: SharedLists
  /// `[count, contextWidth]`: all other fields; nil without any.
  package let context: Tensor?
  /// The vectors of ids that were looked up, for penalties on them.
  package let lookedUp: [Tensor]
}
