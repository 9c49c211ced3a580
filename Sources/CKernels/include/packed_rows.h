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

/// out[i] = dot(row i, vector) in double precision, of all rows of `blocks`. A sum is in the order of
/// its components, whatever is beside it.
void vitrine_packed_dots(
    const vitrine_scalar *packed, const double *vector, double *out, size_t blocks, size_t width);

/// out[i] = dot(row i, row i) in double precision, of all rows of `blocks`.
void vitrine_packed_squares(
    const vitrine_scalar *packed, double *out, size_t blocks, size_t width);
