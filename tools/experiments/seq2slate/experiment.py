"""The paper's table: rankers of the same clicks, judged by clicks on test queries; see run."""

import argparse
import json
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402

import lines  # noqa: E402
import networks  # noqa: E402
import ours  # noqa: E402
import trees  # noqa: E402
from judging import METRICS, judge, ndcg, paired  # noqa: E402
from lists import clicked, rank_svm, write_judged  # noqa: E402
from sources import folds  # noqa: E402

PEERS = {
    "AdaRank": lines.ada_rank, "coordinate ascent": lines.coordinate_ascent,
    "LambdaMART": trees.lambdamart, "ListNet": networks.network(networks.listnet_gradient),
    "MART": trees.mart, "random forest": trees.random_forest, "RankBoost": lines.rank_boost,
    "RankNet": networks.network(networks.ranknet_gradient),
}
# Configuration and options of rerank. The one with the best validation clicks is "Seq2Slate".
OURS = {"Seq2Slate": ("seq2slate", [])}
BASE = "base order"


def prepare(folder, read, diverse, eta, sessions, number):
    """The clicks of the three parts in the order of a weak ranker; kept from an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = read()
    random = np.random.default_rng(number)
    order = random.permutation(len(parts[0].sizes))
    weak = max(2, round(len(order) * 0.1))
    weights = rank_svm(parts[0], order[:weak])
    # The base ranker has seen these queries' grades: nobody learns from its order there.
    parts = (parts[0].taking(np.sort(order[weak:])), *parts[1:])
    made = []
    for name, part in zip(("train", "validation", "test"), parts):
        judged, output = folder / f"{name}-judged.jsonl", folder / f"{name}.jsonl"
        write_judged(part, part.features @ weights, judged)
        made.append(clicked(os.environ["VITRINE"], judged, output, diverse, eta, sessions))
    return made


def fold_scores(folder, parts, seeds):
    """Test scores of each model; kept in a file each."""
    test = parts[2]
    scores = {BASE: -test.features[:, -1].astype(float)}
    for name, rank in PEERS.items():
        kept = folder / f"{name.replace(' ', '-')}.npy"
        if not kept.exists():
            print(f"seq2slate: {folder.name}, {name}", file=sys.stderr, flush=True)
            np.save(kept, rank(*parts))
        scores[name] = np.load(kept)
    for name, (configuration, options) in OURS.items():
        for seed in range(1, seeds + 1):
            bundle = ours.train(configuration, folder, f"{configuration}-{seed}", seed)
            scores[f"{name}, seed {seed}"] = ours.scores(bundle, folder, "test", test, *options)
    return scores


def table(judged, first):
    """Markdown: means over test queries, and NDCG@10 against LambdaMART on the same queries."""
    rows = [
        "| ranker | " + " | ".join(METRICS) + " | NDCG@10 against LambdaMART | p |",
        "|---" * (len(METRICS) + 3) + "|"]

    def values(name):
        sessions = judged[name][:1] if first else judged[name]
        with np.errstate(all="ignore"):
            return np.nanmean(sessions, 0)

    for name in judged:
        mean = np.nanmean(values(name), 0)
        column = METRICS.index("NDCG@10")
        difference, low, high, p = paired(
            values("LambdaMART")[:, column], values(name)[:, column])
        rows.append(
            f"| {name} | " + " | ".join(f"{value:.4f}" for value in mean)
            + ("| – | – |" if name == "LambdaMART" else
               f" | {difference:+.4f} [{low:+.4f}, {high:+.4f}] | {p:.4f} |"))
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--clicks", choices=["plain", "diverse"], action="append")
    parser.add_argument("--eta", type=float, default=0.5)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    for clicks in options.clicks or ["plain", "diverse"]:
        judged = {}
        for number, (fold, read) in enumerate(folds(options.source).items()):
            folder = options.output.resolve() / f"{clicks}-{options.eta:g}" / fold
            parts = prepare(
                folder, read, clicks == "diverse", options.eta, options.sessions, number)
            for name, scores in fold_scores(folder, parts, options.seeds).items():
                judged.setdefault(name, []).append(judge(scores, parts[2]))
        judged = {name: np.concatenate(each, 1) for name, each in judged.items()}
        text = "\n\n".join([
            f"{clicks} clicks, eta {options.eta:g}, one session of each test query",
            table(judged, True), f"the same, mean of {options.sessions} sessions of each test query",
            table(judged, False)])
        (options.output / f"{clicks}-{options.eta:g}.md").write_text(text + "\n")
        print(text, flush=True)


main()
