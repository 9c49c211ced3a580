#include "attention.h"

#include "rows.h"
#include "wide.h"

#define UNROLL _Pragma("clang loop unroll(full)")

size_t vitrine_attention_padding(void) { return LANES; }

size_t vitrine_attention_scratch(const vitrine_attention_unit *unit, size_t events) {
  size_t widest = unit->layers[0].inputs;
  for (size_t i = 0; i < unit->depth; i++)
    if (unit->layers[i].units > widest) widest = unit->layers[i].units;
  return 2 * widest * events;
}

INLINE lanes_t curved(
    const vitrine_attention_layer *layer, const vitrine_curve curve, size_t unit, lanes_t x) {
  const vitrine_scalar selu = (vitrine_scalar)1.0507009873554805;
  const vitrine_scalar selu_alpha = (vitrine_scalar)1.6732632423543772;
  const lanes_t zero = {0};
  switch (curve) {
    case VITRINE_CURVE_RELU: return choose_lanes(x, zero, x);
    case VITRINE_CURVE_SELU:
      return selu * choose_lanes(x, selu_alpha * (lanes_exp(x) - 1), x);
    case VITRINE_CURVE_SIGMOID: return lanes_sigmoid(x);
    case VITRINE_CURVE_TANH: return lanes_tanh(x);
    case VITRINE_CURVE_PRELU: return choose_lanes(x, x * load_lanes(layer->slope + unit), x);
    case VITRINE_CURVE_DICE: {
      const lanes_t slope = load_lanes(layer->slope + unit);
      const lanes_t p = lanes_sigmoid(
          x * load_lanes(layer->scale + unit) + load_lanes(layer->shift + unit));
      return x * (p * (1 - slope) + slope);
    }
  }
  return x;
}

/// A tile of `height` rows and `vectors` * LANES units, summed in registers over the inputs in order,
/// so that a result does not depend on the tile it fell into. The sums start with `common` for every
/// row, and with `own` (which may be null) for each.
INLINE void tile(
    const vitrine_attention_layer *layer, const vitrine_curve curve, const vitrine_scalar *x,
    size_t stride, const vitrine_scalar *common, const vitrine_scalar *own, vitrine_scalar *out,
    size_t unit, const int height, const int vectors) {
  const size_t units = layer->units;
  const vitrine_scalar *weights = layer->weights + unit;
  lanes_t sums[8][5];
  UNROLL for (int v = 0; v < vectors; v++) {
    const lanes_t start = load_lanes(common + unit + v * LANES);
    UNROLL for (int r = 0; r < height; r++)
      sums[r][v] = own ? start + load_lanes(own + (size_t)r * units + unit + v * LANES) : start;
  }
  for (size_t k = 0; k < layer->inputs; k++) {
    const vitrine_scalar *row = weights + k * units;
    UNROLL for (int v = 0; v < vectors; v++) {
      const lanes_t weight = load_lanes(row + v * LANES);
      UNROLL for (int r = 0; r < height; r++) sums[r][v] += x[(size_t)r * stride + k] * weight;
    }
  }
  UNROLL for (int v = 0; v < vectors; v++)
    UNROLL for (int r = 0; r < height; r++)
      store_lanes(
          out + (size_t)r * units + unit + v * LANES,
          curved(layer, curve, unit + v * LANES, sums[r][v]));
}

/// Rows in tiles of `height`; the last tile goes over rows that are done already, if need be.
INLINE void column(
    const vitrine_attention_layer *layer, const vitrine_curve curve, const vitrine_scalar *x,
    size_t stride, const vitrine_scalar *common, const vitrine_scalar *own, vitrine_scalar *out,
    size_t n, size_t unit, const int height, const int vectors) {
  const size_t units = layer->units, tall = (size_t)height;
  for (size_t r = 0; n >= tall && r < n; r += tall) {
    const size_t first = r + tall <= n ? r : n - tall;
    tile(
        layer, curve, x + first * stride, stride, common, own ? own + first * units : NULL,
        out + first * units, unit, height, vectors);
  }
  for (size_t r = 0; n < tall && r < n; r++)
    tile(
        layer, curve, x + r * stride, stride, common, own ? own + r * units : NULL,
        out + r * units, unit, 1, vectors);
}

/// Tiles that fill the registers: 32 of a whole vector, or 16 of half a one.
INLINE void dense(
    const vitrine_attention_layer *layer, const vitrine_curve curve, const vitrine_scalar *x,
    size_t stride, const vitrine_scalar *common, const vitrine_scalar *own, vitrine_scalar *out,
    size_t n, int wide) {
  size_t unit = 0;
  if (wide) {
    for (; unit + 5 * LANES <= layer->units; unit += 5 * LANES)
      column(layer, curve, x, stride, common, own, out, n, unit, 5, 5);
    for (; unit + 3 * LANES <= layer->units; unit += 3 * LANES)
      column(layer, curve, x, stride, common, own, out, n, unit, 8, 3);
  }
  for (; unit < layer->units; unit += LANES)
    column(layer, curve, x, stride, common, own, out, n, unit, 6, 1);
}

INLINE int has_wide_registers(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f") != 0;
#else
  return 0;
#endif
}

VITRINE_CLONES static void layer_results(
    const vitrine_attention_layer *layer, const vitrine_scalar *x, size_t stride,
    const vitrine_scalar *common, const vitrine_scalar *own, vitrine_scalar *out, size_t n,
    int wide) {
#define CASE(curve) \
  case curve: dense(layer, curve, x, stride, common, own, out, n, wide); break
  switch (layer->curve) {
    CASE(VITRINE_CURVE_RELU);
    CASE(VITRINE_CURVE_SELU);
    CASE(VITRINE_CURVE_SIGMOID);
    CASE(VITRINE_CURVE_TANH);
    CASE(VITRINE_CURVE_PRELU);
    CASE(VITRINE_CURVE_DICE);
  }
}

VITRINE_CLONES static void products(
    const vitrine_scalar *restrict target, const vitrine_scalar *restrict events,
    vitrine_scalar *restrict out, size_t n, size_t width) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < width; k++) out[i * width + k] = events[i * width + k] * target[k];
}

VITRINE_CLONES static void pool(
    const vitrine_scalar *restrict weights, const vitrine_scalar *restrict events,
    vitrine_scalar *restrict out, size_t n, size_t width) {
  memset(out, 0, width * sizeof *out);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < width; k++) out[k] += weights[i] * events[i * width + k];
}

void vitrine_attention(
    const vitrine_attention_unit *unit, const vitrine_scalar *targets,
    const vitrine_scalar *target_parts, const vitrine_scalar *events,
    const vitrine_scalar *event_parts, const int32_t *starts, const int32_t *ends,
    vitrine_scalar *scratch, vitrine_scalar *weights, vitrine_scalar *pooled, size_t rows,
    size_t width) {
  const int wide = has_wide_registers();
  const vitrine_attention_layer *first = unit->layers, *last = first + unit->depth - 1;
  for (size_t row = 0; row < rows; row++) {
    const size_t start = (size_t)starts[row], n = (size_t)ends[row] - start;
    const vitrine_scalar *own = events + start * width;
    vitrine_scalar *from = scratch, *to = scratch + vitrine_attention_scratch(unit, n) / 2;
    size_t stride = width;
    products(targets + row * width, own, from, n, width);
    for (const vitrine_attention_layer *layer = first; layer <= last; layer++) {
      layer_results(
          layer, from, stride, layer == first ? target_parts + row * layer->units : layer->bias,
          layer == first ? event_parts + start * layer->units : NULL, to, n, wide);
      vitrine_scalar *swapped = from;
      from = to;
      to = swapped;
      stride = layer->units;
    }
    for (size_t i = 0; i < n; i++)
      weights[i] = vitrine_dot(from + i * stride, unit->output, stride) + unit->output_bias;
    if (unit->score_scale > 0 && n > 0) {
      for (size_t i = 0; i < n; i++) weights[i] *= unit->score_scale;
      vitrine_softmax(weights, NULL, weights, 1, n);
    }
    pool(weights, own, pooled + row * width, n, width);
    weights += n;
  }
}
