#include "convolution.h"
#include <string.h>

static size_t extent(size_t input, const vitrine_convolution *shape) {
  return (input + 2 * shape->padding - shape->kernel) / shape->stride + 1;
}

/* The part of a window that lies inside the input, as a range of kernel cells. */
typedef struct {
  size_t first, last, origin;
} window;

static window clip(size_t position, size_t size, const vitrine_convolution *shape) {
  size_t start = position * shape->stride;
  size_t first = start < shape->padding ? shape->padding - start : 0;
  size_t last = shape->kernel;
  if (start + last > size + shape->padding) last = size + shape->padding - start;
  /* Input cell of kernel cell `first`. */
  return (window){first, last, start + first - shape->padding};
}

void vitrine_convolution_forward_double(
    const vitrine_convolution *s, const double *input, const double *weights,
    const double *bias, double *output) {
  size_t oh = extent(s->height, s), ow = extent(s->width, s);
  for (size_t n = 0; n < s->batch; n++)
    for (size_t o = 0; o < s->output_channels; o++)
      for (size_t y = 0; y < oh; y++)
        for (size_t x = 0; x < ow; x++) {
          window v = clip(y, s->height, s), h = clip(x, s->width, s);
          double sum = bias ? bias[o] : 0;
          for (size_t c = 0; c < s->input_channels; c++) {
            const double *kernel = weights + (o * s->input_channels + c) * s->kernel * s->kernel;
            const double *plane = input + (n * s->input_channels + c) * s->height * s->width;
            for (size_t i = v.first; i < v.last; i++)
              for (size_t j = h.first; j < h.last; j++)
                sum += kernel[i * s->kernel + j] *
                       plane[(v.origin + i - v.first) * s->width + h.origin + j - h.first];
          }
          *output++ = sum;
        }
}

void vitrine_convolution_backward_double(
    const vitrine_convolution *s, const double *input, const double *weights,
    const double *output_gradient, double *input_gradient, double *weight_gradient,
    double *bias_gradient) {
  size_t oh = extent(s->height, s), ow = extent(s->width, s);
  size_t cells = s->kernel * s->kernel, area = s->height * s->width;
  if (input_gradient)
    memset(input_gradient, 0, s->batch * s->input_channels * area * sizeof(double));
  if (weight_gradient)
    memset(weight_gradient, 0, s->output_channels * s->input_channels * cells * sizeof(double));
  if (bias_gradient) memset(bias_gradient, 0, s->output_channels * sizeof(double));
  for (size_t n = 0; n < s->batch; n++)
    for (size_t o = 0; o < s->output_channels; o++)
      for (size_t y = 0; y < oh; y++)
        for (size_t x = 0; x < ow; x++) {
          window v = clip(y, s->height, s), h = clip(x, s->width, s);
          double gradient = *output_gradient++;
          if (bias_gradient) bias_gradient[o] += gradient;
          for (size_t c = 0; c < s->input_channels; c++) {
            size_t kernel = (o * s->input_channels + c) * cells;
            size_t plane = (n * s->input_channels + c) * area;
            for (size_t i = v.first; i < v.last; i++)
              for (size_t j = h.first; j < h.last; j++) {
                size_t w = kernel + i * s->kernel + j;
                size_t p = plane + (v.origin + i - v.first) * s->width + h.origin + j - h.first;
                if (input_gradient) input_gradient[p] += gradient * weights[w];
                if (weight_gradient) weight_gradient[w] += gradient * input[p];
              }
          }
        }
}

void vitrine_max_pool_forward_double(
    const vitrine_convolution *s, const double *input, double *output, int *positions) {
  size_t oh = extent(s->height, s), ow = extent(s->width, s);
  for (size_t plane = 0; plane < s->batch * s->input_channels; plane++)
    for (size_t y = 0; y < oh; y++)
      for (size_t x = 0; x < ow; x++) {
        const double *from = input + plane * s->height * s->width;
        window v = clip(y, s->height, s), h = clip(x, s->width, s);
        size_t best = v.origin * s->width + h.origin;
        for (size_t i = 0; i < v.last - v.first; i++)
          for (size_t j = 0; j < h.last - h.first; j++) {
            size_t p = (v.origin + i) * s->width + h.origin + j;
            if (from[p] > from[best]) best = p;
          }
        *output++ = from[best];
        *positions++ = (int)best;
      }
}

void vitrine_max_pool_backward_double(
    const vitrine_convolution *s, const double *output_gradient, const int *positions,
    double *input_gradient) {
  size_t area = s->height * s->width, outputs = extent(s->height, s) * extent(s->width, s);
  memset(input_gradient, 0, s->batch * s->input_channels * area * sizeof(double));
  for (size_t plane = 0; plane < s->batch * s->input_channels; plane++)
    for (size_t i = 0; i < outputs; i++)
      input_gradient[plane * area + (size_t)*positions++] += *output_gradient++;
}

void vitrine_average_pool_forward_double(
    const vitrine_convolution *s, const double *input, double *output) {
  size_t oh = extent(s->height, s), ow = extent(s->width, s);
  for (size_t plane = 0; plane < s->batch * s->input_channels; plane++)
    for (size_t y = 0; y < oh; y++)
      for (size_t x = 0; x < ow; x++) {
        const double *from = input + plane * s->height * s->width;
        window v = clip(y, s->height, s), h = clip(x, s->width, s);
        double sum = 0;
        for (size_t i = 0; i < v.last - v.first; i++)
          for (size_t j = 0; j < h.last - h.first; j++)
            sum += from[(v.origin + i) * s->width + h.origin + j];
        *output++ = sum / (double)((v.last - v.first) * (h.last - h.first));
      }
}

void vitrine_average_pool_backward_double(
    const vitrine_convolution *s, const double *output_gradient, double *input_gradient) {
  size_t oh = extent(s->height, s), ow = extent(s->width, s), area = s->height * s->width;
  memset(input_gradient, 0, s->batch * s->input_channels * area * sizeof(double));
  for (size_t plane = 0; plane < s->batch * s->input_channels; plane++)
    for (size_t y = 0; y < oh; y++)
      for (size_t x = 0; x < ow; x++) {
        double *to = input_gradient + plane * area;
        window v = clip(y, s->height, s), h = clip(x, s->width, s);
        double share = *output_gradient++ / (double)((v.last - v.first) * (h.last - h.first));
        for (size_t i = 0; i < v.last - v.first; i++)
          for (size_t j = 0; j < h.last - h.first; j++)
            to[(v.origin + i) * s->width + h.origin + j] += share;
      }
}
