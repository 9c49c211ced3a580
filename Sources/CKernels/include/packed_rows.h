#pragma once
#include "dispatch.h"

/* Vectors in blocks of `vitrine_packed_lanes` rows, component after component: component k of row i
   is packed[(i / lanes * width + k) * lanes + i % lanes]. */

enum { vitrine_packed_lanes = 16 };

/// Puts `length * x / |x|` for x = table[rows[i]] - centre (which may be null) into the components
/// from `first` on of row i of `packed`, which has `packed_width`; `squares[i]` = |x|^2. A negative
/// row and a vector of zeros leave it alone, and have a square of 0. Rows are checked by the caller.
void vitrine_pack_rows(
    const float *table, size_t width, const int32_t *rows, size_t n, const float *centre,
    double length, vitrine_scalar *packed, size_t packed_width, size_t first, double *squares);

/// out[i] = dot(row i, vector) of all rows of `blocks`. A sum is in the order of its components,
/// whatever is beside it.
void vitrine_packed_dots(
    const vitrine_scalar *packed, const vitrine_scalar *vector, double *out, size_t blocks,
    size_t width);

/// The product of rows a and b in double precision.
double vitrine_packed_product(const vitrine_scalar *packed, size_t a, size_t b, size_t width);
