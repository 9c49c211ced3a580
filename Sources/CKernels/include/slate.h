#pragma once
#include "dispatch.h"

/// out[i] = sum over k of vector[k] * tanh(keys[i * stride + k] + query[k]) for every i with
/// open[i] != 0, and -infinity elsewhere.
void vitrine_additive_scores(
    const vitrine_scalar *keys, size_t stride, const vitrine_scalar *query,
    const vitrine_scalar *vector, const uint8_t *open, vitrine_scalar *out, size_t n,
    size_t width);

/// Adds to the gradients of keys, query and vector what the gradient of the scores gives them.
/// Closed scores pass nothing on.
void vitrine_additive_scores_gradient(
    const vitrine_scalar *keys, size_t stride, const vitrine_scalar *query,
    const vitrine_scalar *vector, const uint8_t *open, const vitrine_scalar *gradient,
    vitrine_scalar *keys_gradient, vitrine_scalar *query_gradient,
    vitrine_scalar *vector_gradient, size_t n, size_t width);

/// out[i] = dot(rows[i], query)
void vitrine_row_dots(
    const vitrine_scalar *rows, const vitrine_scalar *query, vitrine_scalar *out, size_t n,
    size_t width);

/// out[i] = table[rows[i]] - centre (which may be null), and the square of its length; a negative
/// row gives zeros. Rows are checked by the caller.
void vitrine_centred_rows(
    const float *table, const int32_t *rows, const float *centre, vitrine_scalar *out,
    vitrine_scalar *squared_norms, size_t n, size_t width);
