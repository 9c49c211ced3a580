#pragma once
#include <string.h>

#include "activation_pass.h"

/* Loads and stores of single elements, for loops where `element` is a constant. */

static inline __attribute__((always_inline)) float load_element(
    const void *from, size_t i, vitrine_element element, float scale) {
  if (element == vitrine_float32) return ((const float *)from)[i];
  if (element == vitrine_unsigned8) return scale * (float)((const uint8_t *)from)[i];
  uint32_t bits = (uint32_t)((const uint16_t *)from)[i] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* `value` is not negative. */
static inline __attribute__((always_inline)) void store_element(
    void *to, size_t i, vitrine_element element, float units, float value) {
  if (element == vitrine_float32) {
    ((float *)to)[i] = value;
  } else if (element == vitrine_unsigned8) {
    float steps = value * units + 0.5f;
    ((uint8_t *)to)[i] = (uint8_t)(steps < 255 ? steps : 255);
  } else {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    /* Half of the last digit that stays, rounded to the even side. */
    bits += 0x7FFF + (bits >> 16 & 1);
    ((uint16_t *)to)[i] = (uint16_t)(bits >> 16);
  }
}
