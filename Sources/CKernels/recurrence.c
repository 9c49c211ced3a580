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

VITRINE_CLONES void vitrine_lstm_step_gradient(
    vitrine_scalar *restrict gates, int timed, const vitrine_scalar *restrict cell_in,
    const vitrine_scalar *restrict tanh_cell, const vitrine_scalar *restrict hidden_gradient,
    vitrine_scalar *restrict cell_gradient, size_t n, size_t h) {
  for (size_t row = 0; row < n; row++) {
    vitrine_scalar *restrict in = gates + row * (timed ? 6 * h : 4 * h);
    vitrine_scalar *restrict forget = in + h;
    vitrine_scalar *restrict candidate = in + 2 * h;
    vitrine_scalar *restrict output = in + 3 * h;
    vitrine_scalar *restrict keep = in + 4 * h;
    vitrine_scalar *restrict write = in + 5 * h;
    const vitrine_scalar *restrict old = cell_in + row * h;
    const vitrine_scalar *restrict bent = tanh_cell + row * h;
    const vitrine_scalar *restrict dh = hidden_gradient + row * h;
    vitrine_scalar *restrict dc = cell_gradient + row * h;
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

VITRINE_CLONES void vitrine_gru_step_gradient(
    vitrine_scalar *restrict gates, const vitrine_scalar *restrict recalled,
    const vitrine_scalar *restrict hidden_in, const vitrine_scalar *restrict hidden_gradient,
    vitrine_scalar *restrict recurrent_gradient, vitrine_scalar *restrict hidden_in_gradient,
    size_t n, size_t h) {
  for (size_t row = 0; row < n; row++) {
    vitrine_scalar *restrict reset = gates + row * 3 * h;
    vitrine_scalar *restrict update = reset + h;
    vitrine_scalar *restrict candidate = reset + 2 * h;
    vitrine_scalar *restrict shared = recurrent_gradient + row * 3 * h;
    const vitrine_scalar *restrict memory = recalled + row * h;
    const vitrine_scalar *restrict old = hidden_in + row * h;
    const vitrine_scalar *restrict dh = hidden_gradient + row * h;
    vitrine_scalar *restrict direct = hidden_in_gradient + row * h;
    for (size_t j = 0; j < h; j++) {
      const vitrine_scalar r = reset[j], u = update[j], c = candidate[j], d = dh[j];
      const vitrine_scalar dc = d * (1 - u) * (1 - c * c);
      const vitrine_scalar dr = dc * memory[j] * r * (1 - r);
      const vitrine_scalar du = d * (old[j] - c) * u * (1 - u);
      reset[j] = shared[j] = dr;
      update[j] = shared[h + j] = du;
      candidate[j] = dc;
      shared[2 * h + j] = dc * r;
      direct[j] += d * u;
    }
  }
}
