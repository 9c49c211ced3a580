#pragma once
#include "dispatch.h"

/// The first index of the largest of `values` where neither byte is 0; -1 where there is none. No
/// value is NaN.
ptrdiff_t vitrine_masked_argmax(
    const double *values, const uint8_t *open, const uint8_t *allowed, size_t n);

/// Makes similarities to one candidate, of category `category` and with the parts in the bits of
/// `part`, of the weighted sums of cosines in `products`: adds `category_weight` where categories
/// are the same and not 0, and divides by the weight of the parts in common, `pair_weights` [8].
/// At most 1, and 0 without parts in common.
void vitrine_mix_similarities(
    double *products, const int32_t *categories, int32_t category, double category_weight,
    const uint8_t *parts, uint8_t part, const double *pair_weights, size_t n);

/// Raises `largest`, the largest similarity of each open candidate, to that of `other`; `nearest` is
/// who has it, -1 at first. values = gains - cost * largest.
void vitrine_raise_similarities(
    double *largest, int32_t *nearest, const double *similarities, int32_t other,
    const uint8_t *open, const double *gains, double cost, double *values, size_t n);
