#include "matrix.h"
#include "dispatch.h"
#include <stdlib.h>

VITRINE_CLONES
static void add_scaled(size_t n, double scale, const double *restrict x, double *restrict y) {
  for (size_t j = 0; j < n; j++) y[j] += scale * x[j];
}

VITRINE_CLONES
static double dot(size_t n, const double *restrict x, const double *restrict y) {
#pragma clang fp reassociate(on)
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

static double element(const double *a, size_t lda, bool transpose, size_t i, size_t p) {
  return transpose ? a[p * lda + i] : a[i * lda + p];
}

void vitrine_gemm_double(
    size_t m, size_t n, size_t k, double alpha, const double *a, size_t lda, bool transpose_a,
    const double *b, size_t ldb, bool transpose_b, double beta, double *c, size_t ldc) {
  for (size_t i = 0; i < m; i++) {
    double *row = c + i * ldc;
    for (size_t j = 0; j < n; j++) row[j] = beta == 0 ? 0 : beta * row[j];
    if (transpose_b && !transpose_a) {
      for (size_t j = 0; j < n; j++) row[j] += alpha * dot(k, a + i * lda, b + j * ldb);
    } else if (transpose_b) {
      for (size_t j = 0; j < n; j++) {
        double sum = 0;
        for (size_t p = 0; p < k; p++) sum += a[p * lda + i] * b[j * ldb + p];
        row[j] += alpha * sum;
      }
    } else {
      for (size_t p = 0; p < k; p++)
        add_scaled(n, alpha * element(a, lda, transpose_a, i, p), b + p * ldb, row);
    }
  }
}
