#pragma once
#include "dispatch.h"

/* The local activation unit of the Deep Interest Network (Zhou et al., 2018) in inference: for each row,
   one weight for each event of its list, from a small network over [q, k, q - k, q * k]. Everything of
   a row and of a list that is not of the pair was multiplied beforehand. */

/// What a hidden unit makes of its sum.
typedef enum {
  VITRINE_CURVE_RELU,
  VITRINE_CURVE_SELU,
  VITRINE_CURVE_SIGMOID,
  VITRINE_CURVE_TANH,
  VITRINE_CURVE_PRELU,
  VITRINE_CURVE_DICE,
} vitrine_curve;

/// Units of a layer lie in memory in multiples of this many.
size_t vitrine_attention_padding(void);

/// One hidden layer. `units` is padded; what the padding holds reaches no result as long as the next
/// layer's `inputs` are not padded.
typedef struct {
  /// [inputs, units]
  const vitrine_scalar *weights;
  /// [units]; null in the first layer, where it is part of what a row adds.
  const vitrine_scalar *bias;
  /// [units]: of PReLU and Dice.
  const vitrine_scalar *slope;
  /// [units] each: the gate of Dice is the sigmoid of scale * x + shift.
  const vitrine_scalar *scale, *shift;
  size_t inputs, units;
  vitrine_curve curve;
} vitrine_attention_layer;

typedef struct {
  /// At least one; the first multiplies q * k.
  const vitrine_attention_layer *layers;
  size_t depth;
  /// [units of the last layer]
  const vitrine_scalar *output;
  vitrine_scalar output_bias;
  /// Where positive, weights are the softmax of this times the network's results, over a list.
  vitrine_scalar score_scale;
} vitrine_attention_unit;

/// Numbers of scratch memory for lists of at most `events`.
size_t vitrine_attention_scratch(const vitrine_attention_unit *unit, size_t events);

/// For each row r, over the events starts[r] ..< ends[r]: weights, in order, and
/// pooled[r] = sum of weights times events, 0 without any.
/// - targets [rows, width], target_parts [rows, units of the first layer], bias included
/// - events [any, width], event_parts [any, units of the first layer]
void vitrine_attention(
    const vitrine_attention_unit *unit, const vitrine_scalar *targets,
    const vitrine_scalar *target_parts, const vitrine_scalar *events,
    const vitrine_scalar *event_parts, const int32_t *starts, const int32_t *ends,
    vitrine_scalar *scratch, vitrine_scalar *weights, vitrine_scalar *pooled, size_t rows,
    size_t width);
