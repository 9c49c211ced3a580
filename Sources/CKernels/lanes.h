#pragma once
#include "feature_maps.h"

/* For loops over the lanes of a block. They are inlined into a function for each number of lanes, where
   it is a constant, so that a block of channels is a register. */

#define INLINED static inline __attribute__((always_inline))

#define BY_LANES(function, ...)                      \
  switch (maps->lanes) {                             \
    case 16: function(16, maps, __VA_ARGS__); break; \
    case 8: function(8, maps, __VA_ARGS__); break;   \
    default: function(1, maps, __VA_ARGS__); break;  \
  }

enum { widest = 16 };
typedef vitrine_scalar scalar;
