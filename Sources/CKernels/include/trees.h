#pragma once
#include "dispatch.h"

/// A node of a binary decision tree. The right child follows the left one.
typedef struct {
  /// A number below it goes left. NaN in leaves, which nothing is at or above.
  float threshold;
  /// Position of the left child; in a leaf, its own.
  int32_t left;
  /// The column that decides, and two flags above it.
  uint32_t feature;
  /// In a leaf, the bits of the number it adds; in a split by categories, which set goes right.
  uint32_t payload;
} vitrine_tree_node;

enum {
  /// Flag of a node whose missing values go right.
  VITRINE_TREE_MISSING_RIGHT = 1u << 31,
  /// Flag of a node that splits by categories.
  VITRINE_TREE_CATEGORIES = 1u << 30,
};

/// A tree: where its root lies and how far the deepest leaf is from it.
typedef struct {
  int32_t root;
  uint32_t depth;
  /// Whether some node splits by categories.
  uint32_t categorical;
} vitrine_tree;

/// out[i] += the leaves that row i [stride] reaches, tree by tree in order; NaN is missing.
/// Set s of categories is the bits of words[starts[s] ..< starts[s + 1]], the lowest bit of a word
/// first. Nodes, columns and sets are checked by the caller.
void vitrine_add_leaves(
    const vitrine_tree_node *nodes, const vitrine_tree *trees, size_t tree_count,
    const uint32_t *words, const uint32_t *starts, const float *rows, size_t stride,
    size_t count, float *out);
