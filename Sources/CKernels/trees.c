#include "trees.h"

#include <string.h>

// Rows that walk a tree together: their steps do not wait for one another. One instruction set will
// do: wider ones would gather, which takes half as long again.
enum { TOGETHER = 16, BLOCK = 64 };
// Categories at and above cannot be told apart as floats.
#define LARGEST_CATEGORY 16777216.0f

#define INLINE static inline __attribute__((always_inline))

INLINE uint32_t column(uint32_t feature) { return feature & (VITRINE_TREE_CATEGORIES - 1); }

INLINE float leaf(const vitrine_tree_node *node) {
  float value;
  memcpy(&value, &node->payload, sizeof value);
  return value;
}

/// 1 if x goes right. A missing value compares false with everything.
INLINE int32_t step(const vitrine_tree_node *node, float x) {
  return (int32_t)(x >= node->threshold) |
         (int32_t)((uint32_t)(x != x) & (node->feature >> 31));
}

INLINE int32_t category_step(
    const vitrine_tree_node *node, float x, const uint32_t *words, const uint32_t *starts) {
  if (x != x) return (int32_t)(node->feature >> 31);
  if (!(x >= 0) || x >= LARGEST_CATEGORY) return 0;
  const uint32_t category = (uint32_t)x;
  const uint32_t word = starts[node->payload] + category / 32;
  return word < starts[node->payload + 1] ? (int32_t)(words[word] >> category % 32 & 1) : 0;
}

INLINE void walk_together(
    const vitrine_tree_node *nodes, const vitrine_tree *tree, const float *rows, size_t stride,
    float *out) {
  int32_t at[TOGETHER];
  for (int r = 0; r < TOGETHER; r++) at[r] = tree->root;
  for (uint32_t d = 0; d < tree->depth; d++)
    for (int r = 0; r < TOGETHER; r++) {
      const vitrine_tree_node *node = nodes + at[r];
      at[r] = node->left + step(node, rows[r * stride + column(node->feature)]);
    }
  for (int r = 0; r < TOGETHER; r++) out[r] += leaf(nodes + at[r]);
}

INLINE float walk(
    const vitrine_tree_node *nodes, const vitrine_tree *tree, const uint32_t *words,
    const uint32_t *starts, const float *row) {
  const vitrine_tree_node *node = nodes + tree->root;
  while (node != nodes + node->left) {
    const float x = row[column(node->feature)];
    const int32_t right = node->feature & VITRINE_TREE_CATEGORIES
                              ? category_step(node, x, words, starts)
                              : step(node, x);
    node = nodes + node->left + right;
  }
  return leaf(node);
}

void vitrine_add_leaves(
    const vitrine_tree_node *nodes, const vitrine_tree *trees, size_t tree_count,
    const uint32_t *words, const uint32_t *starts, const float *rows, size_t stride,
    size_t count, float *out) {
  // Few rows and all trees: the rows stay in the innermost cache, each tree passes through it once.
  for (size_t first = 0; first < count; first += BLOCK) {
    const size_t height = count - first < BLOCK ? count - first : BLOCK;
    const float *block = rows + first * stride;
    for (size_t t = 0; t < tree_count; t++) {
      size_t r = 0;
      if (!trees[t].categorical)
        for (; r + TOGETHER <= height; r += TOGETHER)
          walk_together(nodes, trees + t, block + r * stride, stride, out + first + r);
      for (; r < height; r++)
        out[first + r] += walk(nodes, trees + t, words, starts, block + r * stride);
    }
  }
}
