#pragma once
#include "dispatch.h"

typedef enum {
  VITRINE_ADD,
  VITRINE_SUBTRACT,
  VITRINE_MULTIPLY,
  VITRINE_DIVIDE,
} vitrine_binary;

typedef enum {
  VITRINE_EXP,
  VITRINE_LOG,
  VITRINE_SQRT,
  VITRINE_SQUARE,
  VITRINE_RELU,
  VITRINE_SIGMOID,
  VITRINE_TANH,
  VITRINE_SOFTPLUS,
} vitrine_unary;

/// out[i] = a[i * a_step] op b[i * b_step]; a step is 1, or 0 for a repeated scalar.
void vitrine_apply_binary(
    vitrine_binary op, const vitrine_scalar *a, size_t a_step, const vitrine_scalar *b,
    size_t b_step, vitrine_scalar *out, size_t n);

/// out[i] = f(x[i])
void vitrine_apply_unary(
    vitrine_unary f, const vitrine_scalar *x, vitrine_scalar *out, size_t n);

/// out[i] = gradient[i] * f'(x[i]), where y[i] = f(x[i]) is at hand.
void vitrine_unary_gradient(
    vitrine_unary f, const vitrine_scalar *x, const vitrine_scalar *y,
    const vitrine_scalar *gradient, vitrine_scalar *out, size_t n);

/// x[r][c] += bias[c], and negative results become 0 if asked to.
void vitrine_add_bias(
    vitrine_scalar *x, const vitrine_scalar *bias, size_t rows, size_t columns, int rectify);

/// Backward of a rectified `vitrine_add_bias` with the result y: out is the gradient where y is
/// positive and 0 elsewhere; bias_gradient[c] += its sum over the rows.
void vitrine_rectified_gradient(
    const vitrine_scalar *y, const vitrine_scalar *gradient, vitrine_scalar *out,
    vitrine_scalar *bias_gradient, size_t rows, size_t columns);

/// y[i] += alpha * x[i]
void vitrine_axpy(vitrine_scalar alpha, const vitrine_scalar *x, vitrine_scalar *y, size_t n);

/// out[i] = alpha * x[i] + beta
void vitrine_affine(
    vitrine_scalar alpha, const vitrine_scalar *x, vitrine_scalar beta, vitrine_scalar *out,
    size_t n);

/// y[i] += share * (x[i] - y[i])
void vitrine_approach(
    vitrine_scalar share, const vitrine_scalar *x, vitrine_scalar *y, size_t n);

/// One update of `n` weights by gradient descent with momentum, in PyTorch's convention:
/// g = gradient + weight_decay * weight, velocity = momentum * velocity + g, and the weight moves by
/// the velocity or, with Nesterov's look-ahead, by g + momentum * velocity.
void vitrine_sgd(
    vitrine_scalar *weight, vitrine_scalar *velocity, const vitrine_scalar *gradient, size_t n,
    vitrine_scalar learning_rate, vitrine_scalar momentum, vitrine_scalar weight_decay,
    int nesterov);

/// One Adam update of `n` weights:
/// weight = keep * weight - step_size * m / (sqrt(v) / correction2 + epsilon).
/// `keep` is 1 without weight decay. `step_size` already carries the bias correction of the first
/// moment; `correction2` is the root of that of the second.
void vitrine_adam(
    vitrine_scalar *weight, vitrine_scalar *first, vitrine_scalar *second,
    const vitrine_scalar *gradient, size_t n, vitrine_scalar step_size, vitrine_scalar beta1,
    vitrine_scalar beta2, vitrine_scalar correction2, vitrine_scalar epsilon,
    vitrine_scalar keep);

/// One Adagrad update of `n` weights.
void vitrine_adagrad(
    vitrine_scalar *weight, vitrine_scalar *accumulator, const vitrine_scalar *gradient, size_t n,
    vitrine_scalar learning_rate, vitrine_scalar epsilon);

/// Gates of one LSTM step in the order input, forget, cell, output (as PyTorch's).
/// `gates` [n, 4h] holds pre-activations and is overwritten with activations.
void vitrine_lstm_cell(
    vitrine_scalar *gates, const vitrine_scalar *cell_in, vitrine_scalar *cell_out,
    vitrine_scalar *tanh_cell, vitrine_scalar *hidden_out, size_t n, size_t h);

/// Backward of `vitrine_lstm_cell`: gradients of hidden and cell in, of the pre-activations
/// [n, 4h] and of the incoming cell out.
void vitrine_lstm_cell_gradient(
    const vitrine_scalar *gates, const vitrine_scalar *cell_in, const vitrine_scalar *tanh_cell,
    const vitrine_scalar *hidden_gradient, const vitrine_scalar *cell_gradient,
    vitrine_scalar *gates_gradient, vitrine_scalar *cell_in_gradient, size_t n, size_t h);
