"""What is compared: the same sizes for ours and the peers."""

MODELS = {
    "deepfm": {"width": 16, "embedding_scale": 0.01, "hidden": [400, 400, 400]},
    "wide_and_deep": {"width": 16, "embedding_scale": 0.05, "hidden": [400, 400, 400]},
    "mmoe": {"width": 16, "embedding_scale": 0.05, "experts": 6, "expert": [128, 64],
             "tower": [64]},
    "din": {"width": 16, "embedding_scale": 0.05, "attention_hidden": [80, 40], "hidden": [80, 40],
            "item_bias": False},
    "sli_rec": {"width": 16, "embedding_scale": 0.05, "attention_hidden": [80, 40],
                "fusion_hidden": [80, 40], "hidden": [200, 80], "long_term_units": 32},
}
FORMS = ["eager", "TorchScript", "torch.compile"]
HISTORIES = {"din", "sli_rec"}
WITHOUT_DEEPCTR = {"sli_rec"}
MULTI_TASK = {"mmoe"}
UNCOMPILED = {"sli_rec"}
# Where the comparison is not of like with like.
NOTES = {
    "wide_and_deep": "The wide part learns by FTRL in ours, as published, and by Adam in the peers.",
    "din": "DeepCTR-Torch's network has ReLU in place of Dice, which stops there in an assertion.",
    "sli_rec": "DeepCTR-Torch has no such model. torch.compile was left out: the fifty steps, unrolled,"
    " take it minutes.",
}
ROWS = {"fields": 100_000, "history": 20_000}


def world(kind):
    return "history" if kind in HISTORIES else "fields"


def peers(kind):
    """Manners of peer.py with their names."""
    found = {"sparse": "PyTorch, sparse table", "dense": "PyTorch, dense table"}
    if kind not in WITHOUT_DEEPCTR:
        found["deepctr"] = "DeepCTR-Torch"
    return found
