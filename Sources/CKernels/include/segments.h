#pragma once
#include "dispatch.h"

/* Rows of one matrix in consecutive runs ("segments"): segment i is offsets[i] ..< offsets[i + 1]. And
   pairs of a row of one matrix and a row of another. Offsets and rows are checked by the caller. */

/// Softmax over each segment of x. A segment without a largest element becomes NaN.
void vitrine_segment_softmax(
    const vitrine_scalar *x, const int32_t *offsets, vitrine_scalar *out, size_t segments);

/// gradient of the above: out = y * (g - sum(g * y)), each sum over a segment.
void vitrine_segment_softmax_gradient(
    const vitrine_scalar *y, const vitrine_scalar *gradient, const int32_t *offsets,
    vitrine_scalar *out, size_t segments);

/// out [segments, width] = sums of the rows of x; an empty segment is 0.
void vitrine_segment_sum(
    const vitrine_scalar *x, const int32_t *offsets, vitrine_scalar *out, size_t segments,
    size_t width);

/// out [segments, width] = sums of weights[i] * x[rows[i]] over the i of each segment.
void vitrine_weighted_segment_sum(
    const vitrine_scalar *weights, const vitrine_scalar *x, const int32_t *rows,
    const int32_t *offsets, vitrine_scalar *out, size_t segments, size_t width);

/// Adds to the gradients of weights [n] and x what the gradient [segments, width] of the sums gives
/// them; either may be null.
void vitrine_weighted_segment_sum_gradient(
    const vitrine_scalar *weights, const vitrine_scalar *x, const int32_t *rows,
    const int32_t *offsets, const vitrine_scalar *gradient, vitrine_scalar *weights_gradient,
    vitrine_scalar *x_gradient, size_t segments, size_t width);

/// out [n, width] = a[a_rows[i]] + b[b_rows[i]]
void vitrine_pair_sums(
    const vitrine_scalar *a, const int32_t *a_rows, const vitrine_scalar *b,
    const int32_t *b_rows, vitrine_scalar *out, size_t n, size_t width);

/// out [n, width] = a[a_rows[i]] * b[b_rows[i]], element by element.
void vitrine_pair_products(
    const vitrine_scalar *a, const int32_t *a_rows, const vitrine_scalar *b,
    const int32_t *b_rows, vitrine_scalar *out, size_t n, size_t width);

/// a_gradient[a_rows[i]] += gradient[i] * b[b_rows[i]]
void vitrine_pair_products_gradient(
    const vitrine_scalar *gradient, const vitrine_scalar *b, const int32_t *b_rows,
    vitrine_scalar *a_gradient, const int32_t *a_rows, size_t n, size_t width);
