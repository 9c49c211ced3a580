/// How much more order than chance, whose AUC is ½, one ranking finds than another: RelaImpr (Yan et al.,
/// ICML 2014; as in Zhou et al., KDD 2018), here as a share: 0.07 is 7 %. For AUC and GAUC alike.
///
/// Nil over a ranking that is no better than chance, where the share would mean nothing.
package func relativeImprovement(of area: Double, over base: Double) -> Double? {
  base > 0.5 ? (area - 0.5) / (base - 0.5) - 1 : nil
}
