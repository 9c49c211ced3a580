#include "elementwise.h"

#include <math.h>

#include "elementary.h"

#define BINARY_LOOPS(expression)                                                        \
  if (a_step == 1 && b_step == 1) {                                                     \
    for (size_t i = 0; i < n; i++) { vitrine_scalar x = a[i], y = b[i]; out[i] = expression; } \
  } else if (a_step == 1) {                                                             \
    const vitrine_scalar y = b[0];                                                      \
    for (size_t i = 0; i < n; i++) { vitrine_scalar x = a[i]; out[i] = expression; }    \
  } else {                                                                              \
    const vitrine_scalar x = a[0];                                                      \
    for (size_t i = 0; i < n; i++) { vitrine_scalar y = b[i * b_step]; out[i] = expression; } \
  }

VITRINE_CLONES void vitrine_apply_binary(
    vitrine_binary op, const vitrine_scalar *a, size_t a_step, const vitrine_scalar *b,
    size_t b_step, vitrine_scalar *out, size_t n) {
  switch (op) {
    case VITRINE_ADD: BINARY_LOOPS(x + y); break;
    case VITRINE_SUBTRACT: BINARY_LOOPS(x - y); break;
    case VITRINE_MULTIPLY: BINARY_LOOPS(x * y); break;
    case VITRINE_DIVIDE: BINARY_LOOPS(x / y); break;
  }
}

#define LOOP(expression) \
  for (size_t i = 0; i < n; i++) { vitrine_scalar v = x[i]; out[i] = (expression); }

VITRINE_CLONES void vitrine_apply_unary(
    vitrine_unary f, const vitrine_scalar *x, vitrine_scalar *out, size_t n) {
  switch (f) {
    case VITRINE_EXP: LOOP(elementary_exp(v)); break;
    case VITRINE_LOG: LOOP((vitrine_scalar)log(v)); break;
    case VITRINE_SQRT: LOOP((vitrine_scalar)sqrt(v)); break;
    case VITRINE_SQUARE: LOOP(v * v); break;
    // NaN is not below 0 and stays.
    case VITRINE_RELU: LOOP(v < 0 ? 0 : v); break;
    case VITRINE_SIGMOID: LOOP(elementary_sigmoid(v)); break;
    case VITRINE_TANH: LOOP(elementary_tanh(v)); break;
    // log(1 + e^v) without overflow; log1p keeps the small tail.
    case VITRINE_SOFTPLUS:
      LOOP((v > 0 ? v : 0) + (vitrine_scalar)log1p(exp(v > 0 ? -v : v)));
      break;
  }
}

#define GRADIENT(expression)                                  \
  for (size_t i = 0; i < n; i++) {                            \
    const vitrine_scalar g = gradient[i], in = x[i], v = y[i]; \
    (void)in, (void)v;                                        \
    out[i] = (expression);                                    \
  }

VITRINE_CLONES void vitrine_unary_gradient(
    vitrine_unary f, const vitrine_scalar *x, const vitrine_scalar *y,
    const vitrine_scalar *gradient, vitrine_scalar *out, size_t n) {
  switch (f) {
    case VITRINE_EXP: GRADIENT(g * v); break;
    case VITRINE_LOG: GRADIENT(g / in); break;
    case VITRINE_SQRT: GRADIENT(g / (2 * v)); break;
    case VITRINE_SQUARE: GRADIENT(g * 2 * in); break;
    case VITRINE_RELU: GRADIENT(in <= 0 ? 0 : g); break;
    case VITRINE_SIGMOID: GRADIENT(g * v * (1 - v)); break;
    case VITRINE_TANH: GRADIENT(g * (1 - v * v)); break;
    case VITRINE_SOFTPLUS: GRADIENT(g * elementary_sigmoid(in)); break;
  }
}

VITRINE_CLONES void vitrine_add_bias(
    vitrine_scalar *restrict x, const vitrine_scalar *restrict bias, size_t rows, size_t columns,
    int rectify) {
  for (size_t r = 0; r < rows; r++) {
    vitrine_scalar *row = x + r * columns;
    if (rectify) {
      for (size_t c = 0; c < columns; c++) {
        vitrine_scalar v = row[c] + bias[c];
        row[c] = v < 0 ? 0 : v;
      }
    } else {
      for (size_t c = 0; c < columns; c++) row[c] += bias[c];
    }
  }
}

VITRINE_CLONES void vitrine_rectified_gradient(
    const vitrine_scalar *restrict y, const vitrine_scalar *restrict gradient,
    vitrine_scalar *restrict out, vitrine_scalar *restrict bias_gradient, size_t rows,
    size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      vitrine_scalar g = y[r * columns + c] <= 0 ? 0 : gradient[r * columns + c];
      out[r * columns + c] = g;
      bias_gradient[c] += g;
    }
}

VITRINE_CLONES void vitrine_axpy(
    vitrine_scalar alpha, const vitrine_scalar *x, vitrine_scalar *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += alpha * x[i];
}

VITRINE_CLONES void vitrine_affine(
    vitrine_scalar alpha, const vitrine_scalar *x, vitrine_scalar beta, vitrine_scalar *out,
    size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = alpha * x[i] + beta;
}

VITRINE_CLONES void vitrine_approach(
    vitrine_scalar share, const vitrine_scalar *restrict x, vitrine_scalar *restrict y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += share * (x[i] - y[i]);
}

// `step` sees the decayed gradient `g` and the new velocity `v`.
#define SGD_LOOP(step)                                                \
  for (size_t i = 0; i < n; i++) {                                    \
    const vitrine_scalar g = gradient[i] + weight_decay * weight[i];  \
    const vitrine_scalar v = momentum * velocity[i] + g;              \
    velocity[i] = v;                                                  \
    weight[i] -= learning_rate * (step);                              \
  }

VITRINE_CLONES void vitrine_sgd(
    vitrine_scalar *restrict weight, vitrine_scalar *restrict velocity,
    const vitrine_scalar *restrict gradient, size_t n, vitrine_scalar learning_rate,
    vitrine_scalar momentum, vitrine_scalar weight_decay, int nesterov) {
  if (nesterov) {
    SGD_LOOP(g + momentum * v)
  } else {
    SGD_LOOP(v)
  }
}

/// The library's root reports a negative argument in errno, which keeps loops from vectorising.
static inline vitrine_scalar root(vitrine_scalar x) { return __builtin_elementwise_sqrt(x); }

VITRINE_CLONES void vitrine_adam(
    vitrine_scalar *restrict weight, vitrine_scalar *restrict first,
    vitrine_scalar *restrict second, const vitrine_scalar *restrict gradient, size_t n,
    vitrine_scalar step_size, vitrine_scalar beta1, vitrine_scalar beta2,
    vitrine_scalar correction2, vitrine_scalar epsilon, vitrine_scalar keep) {
  for (size_t i = 0; i < n; i++) {
    vitrine_scalar g = gradient[i];
    vitrine_scalar m = beta1 * first[i] + (1 - beta1) * g;
    vitrine_scalar v = beta2 * second[i] + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weight[i] = keep * weight[i] - step_size * m / (root(v) / correction2 + epsilon);
  }
}

VITRINE_CLONES void vitrine_adagrad(
    vitrine_scalar *restrict weight, vitrine_scalar *restrict accumulator,
    const vitrine_scalar *restrict gradient, size_t n, vitrine_scalar learning_rate,
    vitrine_scalar epsilon) {
  for (size_t i = 0; i < n; i++) {
    vitrine_scalar g = gradient[i];
    vitrine_scalar sum = accumulator[i] + g * g;
    accumulator[i] = sum;
    weight[i] -= learning_rate * g / (root(sum) + epsilon);
  }
}

VITRINE_CLONES void vitrine_lstm_cell(
    vitrine_scalar *restrict gates, const vitrine_scalar *restrict cell_in,
    vitrine_scalar *restrict cell_out, vitrine_scalar *restrict tanh_cell,
    vitrine_scalar *restrict hidden_out, size_t n, size_t h) {
  for (size_t row = 0; row < n; row++) {
    vitrine_scalar *in = gates + row * 4 * h;
// The four gates are parts of one array: left to itself, the compiler fears that they overlap and
// takes one unit at a time. The C library's functions, in double precision, cannot be vectorised.
#ifndef DOUBLE_PRECISION
#pragma clang loop vectorize(assume_safety)
#endif
    for (size_t j = 0; j < h; j++) {
      vitrine_scalar i = elementary_sigmoid(in[j]);
      vitrine_scalar f = elementary_sigmoid(in[h + j]);
      vitrine_scalar g = elementary_tanh(in[2 * h + j]);
      vitrine_scalar o = elementary_sigmoid(in[3 * h + j]);
      vitrine_scalar c = f * cell_in[row * h + j] + i * g;
      vitrine_scalar t = elementary_tanh(c);
      in[j] = i;
      in[h + j] = f;
      in[2 * h + j] = g;
      in[3 * h + j] = o;
      cell_out[row * h + j] = c;
      tanh_cell[row * h + j] = t;
      hidden_out[row * h + j] = o * t;
    }
  }
}

VITRINE_CLONES void vitrine_lstm_cell_gradient(
    const vitrine_scalar *restrict gates, const vitrine_scalar *restrict cell_in,
    const vitrine_scalar *restrict tanh_cell, const vitrine_scalar *restrict hidden_gradient,
    const vitrine_scalar *restrict cell_gradient, vitrine_scalar *restrict gates_gradient,
    vitrine_scalar *restrict cell_in_gradient, size_t n, size_t h) {
  for (size_t row = 0; row < n; row++) {
    const vitrine_scalar *in = gates + row * 4 * h;
    vitrine_scalar *out = gates_gradient + row * 4 * h;
    for (size_t j = 0; j < h; j++) {
      vitrine_scalar i = in[j], f = in[h + j], g = in[2 * h + j], o = in[3 * h + j];
      vitrine_scalar t = tanh_cell[row * h + j];
      vitrine_scalar dh = hidden_gradient[row * h + j];
      vitrine_scalar dc = cell_gradient[row * h + j] + dh * o * (1 - t * t);
      out[j] = dc * g * i * (1 - i);
      out[h + j] = dc * cell_in[row * h + j] * f * (1 - f);
      out[2 * h + j] = dc * i * (1 - g * g);
      out[3 * h + j] = dh * t * o * (1 - o);
      cell_in_gradient[row * h + j] = dc * f;
    }
  }
}
