// The processor's peak in matrix multiplication, one core, in the arithmetics that encoders use.
//
//     cc -O2 processor-peak.c -ldnnl -o processor-peak && OMP_NUM_THREADS=1 ./processor-peak
//
// oneDNN's inner product with weights in the layout it likes best is the closest a convolution
// could come to. Several sizes run, each for a while; the best one is the peak. Prints one JSON
// object, GFLOP/s (two per multiply-add) by arithmetic; null where the processor or oneDNN lacks
// it.
#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

// Memory of ones: cheap to fill, and no arithmetic is slower or faster for it.
static dnnl_memory_t filled(dnnl_engine_t engine, const dnnl_memory_desc_t *desc) {
  size_t size = dnnl_memory_desc_get_size(desc);
  void *bytes = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!bytes) exit(2);
  memset(bytes, 0, size);
  if (desc->data_type == dnnl_f32)
    for (size_t i = 0; i < size / 4; i++) ((float *)bytes)[i] = 1;
  else if (desc->data_type == dnnl_bf16)
    for (size_t i = 0; i < size / 2; i++) ((unsigned short *)bytes)[i] = 0x3f80;
  else
    memset(bytes, 1, size);
  dnnl_memory_t memory;
  if (dnnl_memory_create(&memory, desc, engine, bytes) != dnnl_success) exit(2);
  return memory;
}

// GFLOP/s of [m, k] times [k, n]; 0 where there is no such primitive.
static double inner_product(dnnl_engine_t engine, dnnl_stream_t stream, dnnl_data_type_t source,
                            dnnl_data_type_t weights, dnnl_data_type_t result, long m, long n,
                            long k) {
  dnnl_memory_desc_t src, wei, dst;
  dnnl_dims_t src_dims = {m, k}, wei_dims = {n, k}, dst_dims = {m, n};
  dnnl_memory_desc_init_by_tag(&src, 2, src_dims, source, dnnl_ab);
  dnnl_memory_desc_init_by_tag(&wei, 2, wei_dims, weights, dnnl_format_tag_any);
  dnnl_memory_desc_init_by_tag(&dst, 2, dst_dims, result, dnnl_ab);
  dnnl_inner_product_desc_t desc;
  if (dnnl_inner_product_forward_desc_init(&desc, dnnl_forward_inference, &src, &wei, NULL, &dst))
    return 0;
  dnnl_primitive_attr_t attributes;
  dnnl_primitive_attr_create(&attributes);
  dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  dnnl_primitive_desc_t primitive_desc;
  if (dnnl_primitive_desc_create(&primitive_desc, &desc, attributes, engine, NULL)) return 0;
  dnnl_primitive_t primitive;
  if (dnnl_primitive_create(&primitive, primitive_desc)) return 0;

  dnnl_exec_arg_t arguments[] = {
      {DNNL_ARG_SRC, filled(engine, &src)},
      {DNNL_ARG_WEIGHTS,
       filled(engine, dnnl_primitive_desc_query_md(primitive_desc, dnnl_query_weights_md, 0))},
      {DNNL_ARG_DST, filled(engine, &dst)},
      {DNNL_ARG_SCRATCHPAD,
       filled(engine, dnnl_primitive_desc_query_md(primitive_desc, dnnl_query_scratchpad_md, 0))},
  };
  double best = 0, end = now() + 0.5;
  for (int run = 0; run < 5 || now() < end; run++) {
    double start = now();
    if (dnnl_primitive_execute(primitive, stream, 4, arguments)) return 0;
    dnnl_stream_wait(stream);
    double rate = 2.0 * m * n * k / (now() - start) * 1e-9;
    if (rate > best) best = rate;
  }
  for (int i = 0; i < 4; i++) {
    void *bytes;
    dnnl_memory_get_data_handle(arguments[i].memory, &bytes);
    dnnl_memory_destroy(arguments[i].memory);
    free(bytes);
  }
  dnnl_primitive_destroy(primitive);
  dnnl_primitive_desc_destroy(primitive_desc);
  dnnl_primitive_attr_destroy(attributes);
  return best;
}

int main(void) {
  static const struct {
    const char *name;
    dnnl_data_type_t source, weights, result;
  } kinds[] = {{"fp32", dnnl_f32, dnnl_f32, dnnl_f32},
               {"bf16", dnnl_bf16, dnnl_bf16, dnnl_bf16},
               {"int8", dnnl_u8, dnnl_s8, dnnl_u8}};
  static const long sizes[][3] = {{784, 256, 1152}, {512, 512, 512}, {1024, 1024, 1024},
                                  {3136, 64, 576}, {784, 512, 2048}};
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  if (dnnl_engine_create(&engine, dnnl_cpu, 0)) return 2;
  if (dnnl_stream_create(&stream, engine, dnnl_stream_default_flags)) return 2;
  printf("{");
  for (size_t kind = 0; kind < 3; kind++) {
    double best = 0;
    for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++) {
      double rate = inner_product(engine, stream, kinds[kind].source, kinds[kind].weights,
                                  kinds[kind].result, sizes[size][0], sizes[size][1],
                                  sizes[size][2]);
      if (getenv("VERBOSE"))
        fprintf(stderr, "%s %ldx%ldx%ld: %.0f\n", kinds[kind].name, sizes[size][0],
                sizes[size][1], sizes[size][2], rate);
      if (rate > best) best = rate;
    }
    if (best > 0)
      printf("%s\"%s\": %.1f", kind ? ", " : "", kinds[kind].name, best);
    else
      printf("%s\"%s\": null", kind ? ", " : "", kinds[kind].name);
  }
  printf("}\n");
  return 0;
}
