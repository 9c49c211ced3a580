#pragma once
#include "packed_rows.h"

/* Greedy maximisation of gains + weight * log det for a kernel that is a product of features:
   L_ij = f_i^T M f_j for i != j. Where the usual form keeps a column c_i = V^-1 L_Y,i of the factor
   V V^T = L_Y for every candidate i, here are vectors w_1 ... w_m with c_ik = f_i^T w_k: as many as
   were taken, not as many as there are candidates.

   Features of a candidate are its row of `packed` [width], then a 1 at the entry of its category.
   A column is w_k [size = width + categories], then, where candidates are forgotten, column k of V
   from its diagonal down, one number for each that was taken; columns are `stride` numbers apart.
   Arrays of candidates have room for whole blocks, except bytes. */

/// Writes column `count` for the candidate with these features: what is left of `start` = M f after
/// the columns before, divided by `root`, the square root of what is left of the diagonal; zeros
/// where that is 0. Its row of V goes to entry `count` of the columns if `keeps_rows`. `features` and
/// `start` are [size].
void vitrine_determinantal_append(
    double *columns, size_t stride, size_t size, size_t count, const double *features,
    const double *start, double root, int keeps_rows);

/// Forgets the candidate taken first of `count` by Givens rotations; the others move up by one.
/// `removed` [stride] becomes the direction that no longer explains anything: the square of its
/// product with f_i goes back to the diagonal of candidate i.
void vitrine_determinantal_forget(
    double *columns, size_t stride, size_t size, size_t count, double *removed);

/// Brings blocks `first` up to `end` up to date: takes the squares of the products with each column
/// from `applied` [blocks] on from the diagonals, and sets values = gains + weight * log(diagonal), a
/// diagonal counting as at least `floor`.
void vitrine_determinantal_refresh(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *columns,
    size_t stride, size_t count, const double *gains, double weight, double floor,
    double *diagonals, double *values, uint32_t *applied, size_t first, size_t end);

/// The first index of the largest value where neither byte is 0; -1 where there is none. Columns only
/// lower values, so that a block whose values of some columns ago are lower than the best of another
/// need not be refreshed. `bounds` [blocks] is scratch.
ptrdiff_t vitrine_determinantal_best(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *columns,
    size_t stride, size_t count, const double *gains, double weight, double floor,
    double *diagonals, double *values, uint32_t *applied, double *bounds, const uint8_t *open,
    const uint8_t *allowed, size_t n);

/// Gives the squares of the products with `removed` back to the diagonals of all blocks, takes those
/// with `added`, and sets the values. Both are [size].
void vitrine_determinantal_exchange(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *removed,
    const double *added, const double *gains, double weight, double floor, double *diagonals,
    double *values, size_t blocks);
