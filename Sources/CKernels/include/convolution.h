#pragma once
#include <stddef.h>

/* Plain loops over [N, C, H, W] in double precision: the definition of each operation, used by the
   double-precision build and by the tests as the reference for oneDNN. */

typedef struct {
  size_t batch, input_channels, height, width, output_channels, kernel, stride, padding;
} vitrine_convolution;

/* output = weights * input + bias; `bias` may be NULL. */
void vitrine_convolution_forward_double(
    const vitrine_convolution *shape, const double *input, const double *weights,
    const double *bias, double *output);

/* Gradients of the above given that of its output; any of the three results may be NULL. */
void vitrine_convolution_backward_double(
    const vitrine_convolution *shape, const double *input, const double *weights,
    const double *output_gradient, double *input_gradient, double *weight_gradient,
    double *bias_gradient);

/* The largest value under each window, and its position within the channel, the first one of equal
   values; padding never wins. */
void vitrine_max_pool_forward_double(
    const vitrine_convolution *shape, const double *input, double *output, int *positions);

void vitrine_max_pool_backward_double(
    const vitrine_convolution *shape, const double *output_gradient, const int *positions,
    double *input_gradient);

/* The mean under each window, over the cells that exist. */
void vitrine_average_pool_forward_double(
    const vitrine_convolution *shape, const double *input, double *output);

void vitrine_average_pool_backward_double(
    const vitrine_convolution *shape, const double *output_gradient, double *input_gradient);

/* Normalises every channel by its own mean and (biased) variance over the batch, which are
   returned, then scales and shifts. `area` is height times width. */
void vitrine_batch_norm_forward_double(
    size_t batch, size_t channels, size_t area, double epsilon, const double *input,
    const double *scale, const double *shift, double *output, double *mean, double *variance);

void vitrine_batch_norm_backward_double(
    size_t batch, size_t channels, size_t area, double epsilon, const double *input,
    const double *scale, const double *mean, const double *variance,
    const double *output_gradient, double *input_gradient, double *scale_gradient,
    double *shift_gradient);
