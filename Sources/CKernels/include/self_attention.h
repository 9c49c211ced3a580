#pragma once
#include "dispatch.h"

/* Scaled dot-product attention (Vaswani et al., 2017) among the rows of one list. A row holds query,
   key and value side by side, `width` each, and rows are `stride` apart; a head is a run of width /
   heads columns of each. */

/// Numbers of scratch memory for a list of n rows.
size_t vitrine_self_attention_scratch(size_t n, size_t width, size_t heads);

/// out[i] = sum over j of p[i, j] value[j], with p the softmax over j of query[i] · key[j] / √(width /
/// heads), head by head. Rows of `out` are `out_stride` apart; `shares` [heads, n, n] receives p.
void vitrine_self_attention(
    const vitrine_scalar *rows, size_t stride, vitrine_scalar *out, size_t out_stride,
    vitrine_scalar *shares, vitrine_scalar *scratch, size_t n, size_t width, size_t heads);

/// Adds to `rows_gradient`, laid out as `rows`, what the gradient of `out` gives them.
void vitrine_self_attention_gradient(
    const vitrine_scalar *rows, size_t stride, const vitrine_scalar *shares,
    const vitrine_scalar *gradient, size_t gradient_stride, vitrine_scalar *rows_gradient,
    vitrine_scalar *scratch, size_t n, size_t width, size_t heads);
