#pragma once
#include "dispatch.h"

/// out[c] += sum over rows of x [rows, columns]
void vitrine_sum_rows(
    const vitrine_scalar *x, vitrine_scalar *out, size_t rows, size_t columns);

/// out[r] = sum of row r of x [rows, columns]
void vitrine_sum_columns(
    const vitrine_scalar *x, vitrine_scalar *out, size_t rows, size_t columns);

vitrine_scalar vitrine_sum(const vitrine_scalar *x, size_t n);
vitrine_scalar vitrine_dot(const vitrine_scalar *a, const vitrine_scalar *b, size_t n);

/// Sum of x[i]^2 in double precision, where no square of a float overflows.
double vitrine_sum_of_squares(const vitrine_scalar *x, size_t n);

/// Softmax of each row. `mask` (one byte an element, 0 = excluded) may be null: an excluded
/// element is exactly 0, and so is a whole row without any element left. A row whose elements are
/// all NaN or -infinity has no distribution and becomes NaN; so does a row with any NaN.
void vitrine_softmax(
    const vitrine_scalar *x, const uint8_t *mask, vitrine_scalar *out, size_t rows,
    size_t columns);

/// Logarithm of the softmax; an excluded element is -infinity, and NaN arises as above.
void vitrine_log_softmax(
    const vitrine_scalar *x, const uint8_t *mask, vitrine_scalar *out, size_t rows,
    size_t columns);

/// gradient of the softmax: out = y * (g - sum(g * y))
void vitrine_softmax_gradient(
    const vitrine_scalar *y, const vitrine_scalar *gradient, vitrine_scalar *out, size_t rows,
    size_t columns);

/// gradient of the log-softmax: out = g - e^y * sum(g), over the included elements.
void vitrine_log_softmax_gradient(
    const vitrine_scalar *y, const uint8_t *mask, const vitrine_scalar *gradient,
    vitrine_scalar *out, size_t rows, size_t columns);

/// Normalises each row to mean 0 and variance 1; keeps 1 / deviation of each row for the gradient.
void vitrine_normalize_rows(
    const vitrine_scalar *x, vitrine_scalar *out, vitrine_scalar *inverse_deviation, size_t rows,
    size_t columns, vitrine_scalar epsilon);

void vitrine_normalize_rows_gradient(
    const vitrine_scalar *normalized, const vitrine_scalar *inverse_deviation,
    const vitrine_scalar *gradient, vitrine_scalar *out, size_t rows, size_t columns);

/// out[i] = table[rows[i]]; a negative row gives zeros. Rows are checked by the caller.
void vitrine_gather(
    const vitrine_scalar *table, const int32_t *rows, vitrine_scalar *out, size_t count,
    size_t width);

/// table[rows[i]] += values[i], in order; negative rows are skipped.
void vitrine_scatter_add(
    vitrine_scalar *table, const int32_t *rows, const vitrine_scalar *values, size_t count,
    size_t width);
