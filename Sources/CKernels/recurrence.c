#include "recurrence.h"

#include "elementary.h"

/* Cells of recurrent networks. A width that is no multiple of a register would leave a tail of scalar
   exponentials, which costs more than the rest of a row: tails are computed in a padded register too. */

#define INLINED static inline __attribute__((always_inline))

enum { lanes = 16 };

typedef struct {
  vitrine_scalar lane[lanes];
} block;

/// The block at `x`, of which only `width` lanes are there.
INLINED block load(const vitrine_scalar *x, size_t width) {
  block b;
  if (width == lanes) {
    for (size_t i = 0; i < lanes; i++) b.lane[i] = x[i];
  } else {
    for (size_t i = 0; i < lanes; i++) b.lane[i] = i < width ? x[i] : 0;
  }
  return b;
}

INLINED void store(block b, vitrine_scalar *x, size_t width) {
  if (width == lanes) {
    for (size_t i = 0; i < lanes; i++) x[i] = b.lane[i];
  } else {
    for (size_t i = 0; i < width; i++) x[i] = b.lane[i];
  }
}

INLINED block sigmoids(block x) {
  for (size_t i = 0; i < lanes; i++) x.lane[i] = elementary_sigmoid(x.lane[i]);
  return x;
}

INLINED block tangents(block x) {
  for (size_t i = 0; i < lanes; i++) x.lane[i] = elementary_tanh(x.lane[i]);
  return x;
}

INLINED void lstm_block(
    vitrine_scalar *restrict row, int timed, const vitrine_scalar *restrict cell_in,
    vitrine_scalar *restrict cell_out, vitrine_scalar *restrict tanh_cell,
    vitrine_scalar *restrict hidden_out, size_t h, size_t width) {
  block in = sigmoids(load(row, width));
  block forget = sigmoids(load(row + h, width));
  block candidate = tangents(load(row + 2 * h, width));
  block output = sigmoids(load(row + 3 * h, width));
  block old = load(cell_in, width), cell, hidden;
  if (timed) {
    block keep = sigmoids(load(row + 4 * h, width));
    block write = sigmoids(load(row + 5 * h, width));
    for (size_t i = 0; i < lanes; i++) {
      cell.lane[i] = forget.lane[i] * keep.lane[i] * old.lane[i] +
                     in.lane[i] * write.lane[i] * candidate.lane[i];
    }
    store(keep, row + 4 * h, width);
    store(write, row + 5 * h, width);
  } else {
    for (size_t i = 0; i < lanes; i++) {
      cell.lane[i] = forget.lane[i] * old.lane[i] + in.lane[i] * candidate.lane[i];
    }
  }
  block bent = tangents(cell);
  for (size_t i = 0; i < lanes; i++) hidden.lane[i] = output.lane[i] * bent.lane[i];
  store(in, row, width);
  store(forget, row + h, width);
  store(candidate, row + 2 * h, width);
  store(output, row + 3 * h, width);
  store(cell, cell_out, width);
  store(bent, tanh_cell, width);
  store(hidden, hidden_out, width);
}

VITRINE_CLONES void vitrine_lstm_step(
    vitrine_scalar *gates, int timed, const vitrine_scalar *cell_in, vitrine_scalar *cell_out,
    vitrine_scalar *tanh_cell, vitrine_scalar *hidden_out, size_t n, size_t h) {
  const size_t stride = timed ? 6 * h : 4 * h;
  const size_t whole = h - h % lanes;
  for (size_t row = 0; row < n; row++) {
    const size_t at = row * h;
    for (size_t j = 0; j < whole; j += lanes) {
      lstm_block(
          gates + row * stride + j, timed, cell_in + at + j, cell_out + at + j, tanh_cell + at + j,
          hidden_out + at + j, h, lanes);
    }
    if (whole < h) {
      lstm_block(
          gates + row * stride + whole, timed, cell_in + at + whole, cell_out + at + whole,
          tanh_cell + at + whole, hidden_out + at + whole, h, h - whole);
    }
  }
}

/* Rows of gradients are functions of their own: only parameters tell the compiler that nothing overlaps,
   and it needs to know before it computes many columns at once. */

INLINED void lstm_row_gradient(
    vitrine_scalar *restrict in, vitrine_scalar *restrict forget, vitrine_scalar *restrict candidate,
    vitrine_scalar *restrict output, vitrine_scalar *restrict keep, vitrine_scalar *restrict write,
    const vitrine_scalar *restrict old, const vitrine_scalar *restrict bent,
    const vitrine_scalar *restrict dh, vitrine_scalar *restrict dc, int timed, size_t h) {
  for (size_t j = 0; j < h; j++) {
    const vitrine_scalar i = in[j], f = forget[j], g = candidate[j], o = output[j], t = bent[j];
    const vitrine_scalar d = dc[j] + dh[j] * o * (1 - t * t);
    const vitrine_scalar k = timed ? keep[j] : 1, w = timed ? write[j] : 1;
    const vitrine_scalar kept = d * old[j], written = d * g;
    in[j] = written * w * i * (1 - i);
    forget[j] = kept * k * f * (1 - f);
    candidate[j] = d * i * w * (1 - g * g);
    output[j] = dh[j] * t * o * (1 - o);
    if (timed) {
      keep[j] = kept * f * k * (1 - k);
      write[j] = written * i * w * (1 - w);
    }
    dc[j] = d * f * k;
  }
}

INLINED void lstm_gradient(
    vitrine_scalar *gates, int timed, const vitrine_scalar *cell_in, const vitrine_scalar *tanh_cell,
    const vitrine_scalar *hidden_gradient, vitrine_scalar *cell_gradient, size_t n, size_t h) {
  for (size_t row = 0; row < n; row++) {
    vitrine_scalar *in = gates + row * (timed ? 6 * h : 4 * h);
    lstm_row_gradient(
        in, in + h, in + 2 * h, in + 3 * h, in + 4 * h, in + 5 * h, cell_in + row * h,
        tanh_cell + row * h, hidden_gradient + row * h, cell_gradient + row * h, timed, h);
  }
}

VITRINE_CLONES void vitrine_lstm_step_gradient(
    vitrine_scalar *gates, int timed, const vitrine_scalar *cell_in, const vitrine_scalar *tanh_cell,
    const vitrine_scalar *hidden_gradient, vitrine_scalar *cell_gradient, size_t n, size_t h) {
  if (timed) {
    lstm_gradient(gates, 1, cell_in, tanh_cell, hidden_gradient, cell_gradient, n, h);
  } else {
    lstm_gradient(gates, 0, cell_in, tanh_cell, hidden_gradient, cell_gradient, n, h);
  }
}

INLINED void gru_block(
    vitrine_scalar *restrict row, const vitrine_scalar *restrict recurrent,
    const vitrine_scalar *restrict bias, const vitrine_scalar *restrict hidden_in,
    vitrine_scalar *restrict recalled, vitrine_scalar *restrict hidden_out, size_t h,
    size_t width) {
  block reset = load(row, width), update = load(row + h, width), candidate = load(row + 2 * h, width);
  block r = load(recurrent, width), u = load(recurrent + h, width);
  block memory = load(recurrent + 2 * h, width), offset = load(bias, width);
  block old = load(hidden_in, width), hidden;
  for (size_t i = 0; i < lanes; i++) {
    reset.lane[i] += r.lane[i];
    update.lane[i] += u.lane[i];
    memory.lane[i] += offset.lane[i];
  }
  reset = sigmoids(reset);
  update = sigmoids(update);
  for (size_t i = 0; i < lanes; i++) candidate.lane[i] += reset.lane[i] * memory.lane[i];
  candidate = tangents(candidate);
  for (size_t i = 0; i < lanes; i++) {
    hidden.lane[i] = (1 - update.lane[i]) * candidate.lane[i] + update.lane[i] * old.lane[i];
  }
  store(reset, row, width);
  store(update, row + h, width);
  store(candidate, row + 2 * h, width);
  store(memory, recalled, width);
  store(hidden, hidden_out, width);
}

VITRINE_CLONES void vitrine_gru_step(
    vitrine_scalar *gates, const vitrine_scalar *recurrent, const vitrine_scalar *candidate_bias,
    const vitrine_scalar *hidden_in, vitrine_scalar *recalled, vitrine_scalar *hidden_out, size_t n,
    size_t h) {
  for (size_t row = 0; row < n; row++) {
    const size_t at = row * h;
    for (size_t j = 0; j < h; j += lanes) {
      const size_t width = h - j < lanes ? h - j : lanes;
      if (width == lanes) {
        gru_block(
            gates + 3 * at + j, recurrent + 3 * at + j, candidate_bias + j, hidden_in + at + j,
            recalled + at + j, hidden_out + at + j, h, lanes);
      } else {
        gru_block(
            gates + 3 * at + j, recurrent + 3 * at + j, candidate_bias + j, hidden_in + at + j,
            recalled + at + j, hidden_out + at + j, h, width);
      }
    }
  }
}

INLINED void gru_row_gradient(
    vitrine_scalar *restrict reset, vitrine_scalar *restrict update,
    vitrine_scalar *restrict candidate, const vitrine_scalar *restrict memory,
    const vitrine_scalar *restrict old, const vitrine_scalar *restrict dh,
    vitrine_scalar *restrict shared_reset, vitrine_scalar *restrict shared_update,
    vitrine_scalar *restrict shared_candidate, vitrine_scalar *restrict direct, size_t h) {
  for (size_t j = 0; j < h; j++) {
    const vitrine_scalar r = reset[j], u = update[j], c = candidate[j], d = dh[j];
    const vitrine_scalar dc = d * (1 - u) * (1 - c * c);
    const vitrine_scalar dr = dc * memory[j] * r * (1 - r);
    const vitrine_scalar du = d * (old[j] - c) * u * (1 - u);
    reset[j] = shared_reset[j] = dr;
    update[j] = shared_update[j] = du;
    candidate[j] = dc;
    shared_candidate[j] = dc * r;
    direct[j] += d * u;
  }
}

VITRINE_CLONES void vitrine_gru_step_gradient(
    vitrine_scalar *gates, const vitrine_scalar *recalled, const vitrine_scalar *hidden_in,
    const vitrine_scalar *hidden_gradient, vitrine_scalar *recurrent_gradient,
    vitrine_scalar *hidden_in_gradient, size_t n, size_t h) {
  for (size_t row = 0; row < n; row++) {
    vitrine_scalar *reset = gates + row * 3 * h, *shared = recurrent_gradient + row * 3 * h;
    gru_row_gradient(
        reset, reset + h, reset + 2 * h, recalled + row * h, hidden_in + row * h,
        hidden_gradient + row * h, shared, shared + h, shared + 2 * h, hidden_in_gradient + row * h,
        h);
  }
}
