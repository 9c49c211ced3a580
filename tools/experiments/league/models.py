"""What is compared on which data, at the same sizes for the program and its peers.

By data set and name: the `model` of a configuration, and what its `training` says otherwise than the
template.
"""

DEEP = {"width": 16, "hidden": [64, 32], "dropout": 0.3}
ATTENTIVE = {**DEEP, "attention_hidden": [32, 16]}

RANKERS = {
    "logistic": {"kind": "logistic", "l2": 0.0001},
    "mlp": {"kind": "mlp", **DEEP},
    "deepfm": {"kind": "deepfm", **DEEP},
    "wide_and_deep": {"kind": "wide_and_deep", **DEEP},
    "youtube_dnn": {"kind": "youtube_dnn", **DEEP},
    "dssm": {"kind": "dssm", "width": 16, "hidden": [64, 32]},
    "din": {"kind": "din", **ATTENTIVE},
    "rnn": {"kind": "rnn", "units": 32, **ATTENTIVE},
    "sli_rec": {"kind": "sli_rec", "fusion_hidden": [32, 16], **ATTENTIVE},
}

# Each has about as many weights behind the vectors as the others; one task alone is the shared network
# with the other task's weight at 0.
SHARED = {"kind": "shared_bottom", "width": 4, "bottom": [96, 32], "tower": [16]}
EXPERTS = {"width": 4, "experts": 6, "expert": [16, 16], "tower": [16]}
TASKS = {
    "income alone": {**SHARED, "tasks": {"never_married": 0}},
    "never_married alone": {**SHARED, "tasks": {"income": 0}},
    "shared_bottom": SHARED,
    "soft_sharing": {"kind": "soft_sharing", "width": 4, "hidden": [48, 32, 16]},
    "cross_stitch": {"kind": "cross_stitch", "width": 4, "hidden": [48, 32], "tower": [16]},
    "omoe": {"kind": "omoe", **EXPERTS},
    "mmoe": {"kind": "mmoe", **EXPERTS},
}

MODELS = {
    "movielens": {
        **RANKERS, "dssm": {**RANKERS["dssm"], "item": ["genres", "year"]}},
    "sparrow": {
        **RANKERS, "dssm": {**RANKERS["dssm"], "item": ["movieGenre2", "releaseYear", "movieRatingCount",
                                                        "movieAvgRating", "movieRatingStddev"]}},
    "census": TASKS,
}

TRAINING = {
    # Sparrow's rows are no lists, in which one is chosen.
    ("sparrow", "dssm"): {"loss": "logistic"},
    ("census", "never_married alone"): {"monitor": "auc:never_married"},
}
