#pragma once
#include <stdbool.h>
#include <stddef.h>

/* C[m,n] = alpha * op(A)[m,k] * op(B)[k,n] + beta * C in double precision, row-major, where op is
   the transpose if asked for. `lda`, `ldb` and `ldc` are the lengths of the rows as stored. With
   beta = 0 the old contents of C are never read. */
void vitrine_gemm_double(
    size_t m, size_t n, size_t k, double alpha, const double *a, size_t lda, bool transpose_a,
    const double *b, size_t ldb, bool transpose_b, double beta, double *c, size_t ldc);
