#pragma once
#include "dispatch.h"

/// Compares stored vectors with queries:
///
///     dots[i * query_count + q] = dot(rows[i], queries[q])
///     squared_norms[i] = dot(rows[i], rows[i])
///
/// `rows` is [count, width], little-endian IEEE binary16 where `is_half` and float elsewhere, at any
/// address; `queries` is [query_count, width]; `scratch` has room for `width` floats. A sum does not
/// depend on the rows and queries around it.
void vitrine_compare_rows(
    const void *rows, int is_half, size_t count, size_t width, const float *queries,
    size_t query_count, float *dots, float *squared_norms, float *scratch);

/// out[i] = the value of the binary16 number in[i]
void vitrine_decode_halves(const uint16_t *in, float *out, size_t n);
