#pragma once
#include "dispatch.h"

/// One step of a long short-term memory over `n` sequences of width `h`.
///
/// A row of `gates` holds the pre-activations of input, forget, cell and output, and with `timed` those
/// of the two time gates behind them, keep and write; its activations replace them. Rows are `4h`
/// long, with time gates `6h`:
///
///     cell = forget * keep * cell_in + input * write * candidate,  hidden = output * tanh(cell)
void vitrine_lstm_step(
    vitrine_scalar *gates, int timed, const vitrine_scalar *cell_in, vitrine_scalar *cell_out,
    vitrine_scalar *tanh_cell, vitrine_scalar *hidden_out, size_t n, size_t h);

/// Backward of `vitrine_lstm_step`: `gates` turn from activations into gradients of the
/// pre-activations, and `cell_gradient` [n, h] from the gradient of the new cell into that of the old.
void vitrine_lstm_step_gradient(
    vitrine_scalar *gates, int timed, const vitrine_scalar *cell_in,
    const vitrine_scalar *tanh_cell, const vitrine_scalar *hidden_gradient,
    vitrine_scalar *cell_gradient, size_t n, size_t h);

/// One step of a gated recurrent unit over `n` sequences of width `h`.
///
/// A row of `gates` [n, 3h] holds the input's share of reset, update and candidate, one of
/// `recurrent` [n, 3h] that of the old state; activations replace the former. Reset acts behind the
/// recurrent product and its bias (`candidate_bias` [h]), as PyTorch's does.
///
///     hidden = (1 - update) * tanh(candidate + reset * (recurrent + bias)) + update * hidden_in
///
/// `recalled` [n, h] receives recurrent + bias, for the gradient.
void vitrine_gru_step(
    vitrine_scalar *gates, const vitrine_scalar *recurrent, const vitrine_scalar *candidate_bias,
    const vitrine_scalar *hidden_in, vitrine_scalar *recalled, vitrine_scalar *hidden_out, size_t n,
    size_t h);

/// Backward of `vitrine_gru_step`: `gates` turn from activations into gradients of the input's share,
/// `recurrent_gradient` [n, 3h] receives those of the old state's share, and to `hidden_in_gradient`
/// [n, h] the part is added that does not go through the gates.
void vitrine_gru_step_gradient(
    vitrine_scalar *gates, const vitrine_scalar *recalled, const vitrine_scalar *hidden_in,
    const vitrine_scalar *hidden_gradient, vitrine_scalar *recurrent_gradient,
    vitrine_scalar *hidden_in_gradient, size_t n, size_t h);
