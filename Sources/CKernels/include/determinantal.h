#pragma once
#include "dispatch.h"

/* The factor of a kernel restricted to the candidates taken, L_Y = V V^T, for a kernel that is a
   product of features, L_ij = f_i^T M f_j for i != j. Where greedy maximisation keeps the column
   c_i = V^-1 L_Y,i of every candidate, here are vectors w_1 ... w_m with c_ik = f_i^T w_k: as many as
   were taken, not as many as there are candidates.

   A column of a factor is w_k [size], followed by column k of V below its diagonal and on it, one
   number for each candidate taken; columns are `stride` numbers apart. */

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

/// Takes the squares of `added` from the diagonals and gives those of `removed` (which may be null)
/// back; both are products of rows, without the entries of their categories in `added_entries` and
/// `removed_entries`. values = gains + weight * log(diagonal), the diagonal counting as at least
/// `floor`. All arrays of candidates have room for a multiple of 8.
void vitrine_determinantal_update(
    double *diagonals, double *values, const double *added, const double *added_entries,
    const double *removed, const double *removed_entries, const int32_t *categories,
    const double *gains, double weight, double floor, size_t n);
