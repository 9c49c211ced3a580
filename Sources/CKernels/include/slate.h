#pragma once
#include "dispatch.h"

/// out [rows, columns] = x [rows, depth] · weights [depth, columns] + bias [columns] (may be null).
/// For the small matrices of one request, where a call into a library costs as much as the work.
void vitrine_dense(
    const vitrine_scalar *x, const vitrine_scalar *weights, const vitrine_scalar *bias,
    vitrine_scalar *out, size_t rows, size_t depth, size_t columns);

/// Runs an LSTM over `steps` rows. `gates` [steps, 4h] holds what the inputs add to the gates
/// (input, forget, cell, output), bias included, and is overwritten; `recurrent` is [h, 4h];
/// `hidden` and `cell` [h] hold the state before and after; `outputs` [steps, h] may be null.
void vitrine_lstm_sequence(
    vitrine_scalar *gates, const vitrine_scalar *recurrent, vitrine_scalar *hidden,
    vitrine_scalar *cell, vitrine_scalar *outputs, size_t steps, size_t h);

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
