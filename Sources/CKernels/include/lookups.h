#pragma once
#include "dispatch.h"

/// A row of a table and the number it was given; empty where all bits are set.
typedef uint64_t vitrine_numbered_row;

/// Numbers rows in the order they are first met: `numbers[i]` is that of `rows[i]`, or -1 where the
/// row is negative, and `distinct[number]` the row. `known` rows have numbers already; returns how
/// many have then.
///
/// `slots` has `mask + 1` elements, a power of two of at least twice the rows met in all calls; all
/// bits are set before the first call. Expected O(count).
size_t vitrine_number_rows(
    const int32_t *rows, size_t count, vitrine_numbered_row *slots, size_t mask, int32_t *numbers,
    int32_t *distinct, size_t known);

/// sums[numbers[i]] += values[i], in order, for the numbers in first ..< last; the others are
/// skipped.
void vitrine_add_numbered(
    vitrine_scalar *sums, const int32_t *numbers, int32_t first, int32_t last,
    const vitrine_scalar *values, size_t count, size_t width);

/// `vitrine_adam` of single rows: row `rows[i]` has the gradient `gradient[i]`. Rows are distinct and
/// checked by the caller.
void vitrine_adam_rows(
    vitrine_scalar *weight, vitrine_scalar *first, vitrine_scalar *second, const int32_t *rows,
    const vitrine_scalar *gradient, size_t count, size_t width, vitrine_scalar step_size,
    vitrine_scalar beta1, vitrine_scalar beta2, vitrine_scalar correction2, vitrine_scalar epsilon,
    vitrine_scalar keep);

/// The sum of the inner products of all pairs of members of each row of x [count, members, width];
/// `sums` [count, width] receives the sums of the members.
void vitrine_pairwise(
    const vitrine_scalar *x, vitrine_scalar *sums, vitrine_scalar *out, size_t count,
    size_t members, size_t width);

/// out[r][f] = gradient[r] * (sums[r] - x[r][f])
void vitrine_pairwise_gradient(
    const vitrine_scalar *x, const vitrine_scalar *sums, const vitrine_scalar *gradient,
    vitrine_scalar *out, size_t count, size_t members, size_t width);
