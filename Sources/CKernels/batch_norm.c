#include "convolution.h"
#include <math.h>

void vitrine_batch_norm_forward_double(
    size_t batch, size_t channels, size_t area, double epsilon, const double *input,
    const double *scale, const double *shift, double *output, double *mean, double *variance) {
  double count = (double)(batch * area);
  for (size_t c = 0; c < channels; c++) {
    double sum = 0, squares = 0;
    for (size_t n = 0; n < batch; n++)
      for (size_t i = 0; i < area; i++) sum += input[(n * channels + c) * area + i];
    mean[c] = sum / count;
    for (size_t n = 0; n < batch; n++)
      for (size_t i = 0; i < area; i++) {
        double deviation = input[(n * channels + c) * area + i] - mean[c];
        squares += deviation * deviation;
      }
    variance[c] = squares / count;
    double factor = scale[c] / sqrt(variance[c] + epsilon);
    for (size_t n = 0; n < batch; n++)
      for (size_t i = 0; i < area; i++) {
        size_t p = (n * channels + c) * area + i;
        output[p] = (input[p] - mean[c]) * factor + shift[c];
      }
  }
}

void vitrine_batch_norm_backward_double(
    size_t batch, size_t channels, size_t area, double epsilon, const double *input,
    const double *scale, const double *mean, const double *variance,
    const double *output_gradient, double *input_gradient, double *scale_gradient,
    double *shift_gradient) {
  double count = (double)(batch * area);
  for (size_t c = 0; c < channels; c++) {
    double inverse = 1 / sqrt(variance[c] + epsilon), sum = 0, product = 0;
    for (size_t n = 0; n < batch; n++)
      for (size_t i = 0; i < area; i++) {
        size_t p = (n * channels + c) * area + i;
        sum += output_gradient[p];
        product += output_gradient[p] * (input[p] - mean[c]) * inverse;
      }
    shift_gradient[c] = sum;
    scale_gradient[c] = product;
    for (size_t n = 0; n < batch; n++)
      for (size_t i = 0; i < area; i++) {
        size_t p = (n * channels + c) * area + i;
        double normalised = (input[p] - mean[c]) * inverse;
        input_gradient[p] =
            scale[c] * inverse * (output_gradient[p] - sum / count - normalised * product / count);
      }
  }
}
