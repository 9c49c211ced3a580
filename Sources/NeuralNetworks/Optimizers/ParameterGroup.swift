public import Tensors

/// Parameters that an optimizer treats alike.
public struct ParameterGroup: Sendable {
  /// The members; a parameter belongs to one group only.
  public var parameters: [Parameter]
  /// Multiplies the optimizer's learning rate: 0.1 lets a pretrained part move slowly.
  public var learningRateFactor: Scalar
  /// How strongly weights are drawn to zero; each optimizer says how.
  public var weightDecay: Scalar

  /// A group.
  public init(
    parameters: [Parameter], learningRateFactor: Scalar = 1, weightDecay: Scalar = 0
  ) {
    self.parameters = parameters
    self.learningRateFactor = learningRateFactor
    self.weightDecay = weightDecay
  }

  /// The trainable parameters of a module as two groups, with and without decay; a group without
  /// members is left out.
  ///
  /// Decay suits weights that multiply inputs. Biases, the scales of normalisations and all other
  /// vectors are exempt, and so are the codes of categories (`….code`): an entity that is rarely met
  /// would lose its code.
  package static func splitDecay(
    _ list: ParameterList, weightDecay: Scalar, learningRateFactor: Scalar = 1
  ) -> [ParameterGroup] {
    var (decayed, exempt): ([Parameter], [Parameter]) = ([], [])
    for entry in list.entries where entry.parameter.trainable {
      let isCode = entry.name == "code" || entry.name.hasSuffix(".code")
      if entry.parameter.value.shape.rank >= 2, !isCode {
        decayed.append(entry.parameter)
      } else {
        exempt.append(entry.parameter)
      }
    }
    return [
      ParameterGroup(
        parameters: decayed, learningRateFactor: learningRateFactor, weightDecay: weightDecay),
      ParameterGroup(parameters: exempt, learningRateFactor: learningRateFactor),
    ].filter { !$0.parameters.isEmpty }
  }
}

/// One parameter with what its group says.
struct ParameterSlot {
  let parameter: Parameter
  let learningRateFactor: Scalar
  let weightDecay: Scalar
}

extension [ParameterGroup] {
  /// All members in order; optimizers keep their state by position in this list.
  var slots: [ParameterSlot] {
    var seen: Set<ObjectIdentifier> = []
    return flatMap { group in
      group.parameters.map { parameter in
        precondition(
          seen.insert(ObjectIdentifier(parameter)).inserted,
          "a parameter of shape \(parameter.value.shape) is in two groups: it would move twice")
        return ParameterSlot(
          parameter: parameter, learningRateFactor: group.learningRateFactor,
          weightDecay: group.weightDecay)
      }
    }
  }
}
