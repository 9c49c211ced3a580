#pragma once
#include <dnnl.h>

/* libgomp ships no header for clang; this is the one call of it we need. The setting belongs to the
   calling thread. */
extern void omp_set_num_threads(int count);
