"""How close features are to the reference's, image by image.

Plain cosine flatters: features of unrelated posters are already near 0.95. So each side is also
centred by its own mean feature over the same images, and what remains is compared.
"""

import numpy as np


def cosine(one, other):
    """Per row, in double precision; 0 where a row is zero."""
    dot = (one * other).sum(1)
    length = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return np.divide(dot, length, out=np.zeros_like(dot), where=length > 0)


def compare(features, reference):
    """Mean, first percentile and minimum over rows, centred and plain."""
    if features.shape != reference.shape:
        raise ValueError(f"features are {features.shape}, the reference {reference.shape}")
    features, reference = features.astype(np.float64), reference.astype(np.float64)
    if not np.isfinite(features).all():
        raise ValueError("features hold NaN or infinity")
    centred = cosine(features - features.mean(0), reference - reference.mean(0))
    return {"centred": summary(centred), "plain": summary(cosine(features, reference))}


def summary(values):
    return {
        "mean": float(values.mean()),
        "p1": float(np.percentile(values, 1)),
        "min": float(values.min()),
    }
