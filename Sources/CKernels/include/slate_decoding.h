#pragma once
#include "dispatch.h"

/* The loops of a slate model that serves. Weights lie in panels: so many columns at a time, all of
   their rows one after the other, which is the order in which a product reads them. */

/// Columns of a panel; widths are padded with zeros to multiples of it.
enum { vitrine_panel = 64 / sizeof(vitrine_scalar) };

/// out [rows, panels * vitrine_panel] = x · weights + bias (which may be null), for x [rows, depth]
/// whose rows are `stride` apart and weights [panels][depth][vitrine_panel]. A result does not depend
/// on how many rows are computed together.
void vitrine_panel_product(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *bias, vitrine_scalar *out, size_t rows, size_t depth, size_t panels);

/// One step of an LSTM for each of `rows` states. What `x` [rows, depth] adds to the gates is x ·
/// weights, for weights [panels][depth][4][vitrine_panel] with the gates of the same cells (input,
/// forget, cell, output) side by side; `gates` [panels][4][vitrine_panel] is where they start from,
/// `gates_stride` apart from row to row. `cell` [rows, panels * vitrine_panel] is replaced; `hidden`,
/// of the same shape, must not lie in `x`.
void vitrine_lstm_rows(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *gates, size_t gates_stride, vitrine_scalar *cell,
    vitrine_scalar *hidden, size_t rows, size_t depth, size_t panels);

/// Runs an LSTM from a zero state over `steps` rows of gates, laid out as above, which hold what the
/// inputs add. `recurrent` is [panels][depth][4][vitrine_panel], where `depth`, the number of cells,
/// leaves out the padding; `cell` [panels * vitrine_panel] is where the last cell state goes, `hidden`
/// [steps, panels * vitrine_panel] all hidden states.
void vitrine_lstm_run(
    const vitrine_scalar *gates, const vitrine_scalar *recurrent, vitrine_scalar *cell,
    vitrine_scalar *hidden, size_t steps, size_t depth, size_t panels);

/// out[k] = e^(2 x[k]) for a multiple of vitrine_panel numbers. Returns 1 if products of two such
/// numbers give tanh of the sum of what they were made of, 0 where some |x[k]| is too large or NaN.
int vitrine_pointer_exponentials(const vitrine_scalar *x, vitrine_scalar *out, size_t count);

/// out[i] = sum over k of vector[k] * tanh(a + b), where a and b are what keys[i, k] and query[k] are
/// the exponentials of, for every i with open[i] != 0, and -infinity elsewhere: tanh(a + b) is
/// 1 - 2 / (e^2a e^2b + 1). `width` is a multiple of vitrine_panel.
void vitrine_pointer_scores(
    const vitrine_scalar *keys, const vitrine_scalar *query, const vitrine_scalar *vector,
    const uint8_t *open, vitrine_scalar *out, size_t n, size_t width);

/// nearest[i] = max(nearest[i], dot(rows[i], rows[chosen])), for rows [n, width], a multiple of
/// vitrine_panel.
void vitrine_raise_cosines(
    const vitrine_scalar *rows, size_t chosen, vitrine_scalar *nearest, size_t n, size_t width);

/// nearest[i] = max(nearest[i], e^(-scale * |rows[i] - rows[chosen]|)), for rows as above.
void vitrine_raise_nearness(
    const vitrine_scalar *rows, size_t chosen, vitrine_scalar scale, vitrine_scalar *nearest,
    size_t n, size_t width);

/// scores[i] += vector · tanh(bias + hidden · x), where x is column i of nearest [spaces, n], for
/// hidden [units, spaces] of one to three spaces.
void vitrine_add_novelty(
    const vitrine_scalar *nearest, const vitrine_scalar *hidden, const vitrine_scalar *bias,
    const vitrine_scalar *vector, vitrine_scalar *scores, size_t n, size_t spaces, size_t units);
