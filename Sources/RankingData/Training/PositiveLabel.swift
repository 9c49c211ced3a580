/// Whether a label counts as positive where two classes are wanted: histories, AUC, clicks of lists.
/// Labels may be probabilities or grades; the losses take them as they are.
package func isPositive(_ label: Float) -> Bool { label >= 0.5 }
