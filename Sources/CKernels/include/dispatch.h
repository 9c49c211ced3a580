#pragma once
#include <stddef.h>
#include <stdint.h>

/// The element of a tensor. The gradient checks build everything with `double`.
#ifdef DOUBLE_PRECISION
typedef double vitrine_scalar;
#else
typedef float vitrine_scalar;
#endif

/// Compiles a function once per instruction set and picks at load time, so that one portable
/// binary is fast everywhere.
#if defined(__x86_64__) && defined(__linux__)
#define VITRINE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VITRINE_CLONES
#endif
