@_exported public import Rankers
@_exported public import RankingData
@_exported public import Slates

// What a user of the library needs besides this room's own types.
@_exported public import enum Images.AlphaPolicy
@_exported public import struct Images.Augmentation
@_exported public import enum Images.ColorProfilePolicy
@_exported public import enum Images.CropMode
@_exported public import enum Images.DamagePolicy
@_exported public import struct Images.ImageError
@_exported public import enum Images.Interpolation
@_exported public import enum Images.OrientationPolicy
@_exported public import struct Images.Preprocessing
@_exported public import enum Images.PreprocessingStage
@_exported public import struct NeuralNetworks.EpochRecord
@_exported public import enum NeuralNetworks.KeptEpoch
@_exported public import struct NeuralNetworks.StepRecord
@_exported public import struct NeuralNetworks.TrainingRecord
@_exported public import struct RankingEvaluation.Calibration
@_exported public import enum RankingEvaluation.EmptyListPolicy
@_exported public import struct RankingEvaluation.MetricConventions
@_exported public import struct RankingEvaluation.NDCG
@_exported public import struct RankingEvaluation.PolicyValue
@_exported public import struct RankingEvaluation.SeedComparison
@_exported public import enum VisualEncoder.Architecture
@_exported public import enum VisualEncoder.Attention
@_exported public import struct VisualEncoder.ClassificationPlan
@_exported public import struct VisualEncoder.ClassificationProgress
@_exported public import struct VisualEncoder.ClassificationReport
@_exported public import enum VisualEncoder.ClippingMethod
@_exported public import struct VisualEncoder.EncoderConfiguration
@_exported public import struct VisualEncoder.Fidelity
@_exported public import struct VisualEncoder.VisualEncoderError
@_exported public import enum VisualEncoder.WeightPrecision
