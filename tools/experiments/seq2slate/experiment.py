"""The paper's table: rankers of the same clicks, judged by clicks on test queries; see run."""

import argparse
import os
import sys
import warnings
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
from redundancy import with_redundancy  # noqa: E402
from sources import folds  # noqa: E402

PEERS = {
    "AdaRank": lines.ada_rank, "coordinate ascent": lines.coordinate_ascent,
    "LambdaMART": trees.lambdamart, "ListNet": networks.network(networks.listnet_gradient),
    "MART": trees.mart, "random forest": trees.random_forest, "RankBoost": lines.rank_boost,
    "RankNet": networks.network(networks.ranknet_gradient),
}
# Configuration of this folder, and options of rerank.
ONE_STEP = ["--decoding", "one-step"]
OURS = {
    "Seq2Slate": ("seq2slate", []), "Seq2Slate, one step": ("seq2slate", ONE_STEP),
    "Seq2Slate, novelty": ("novelty", []), "Seq2Slate, novelty, one step": ("novelty", ONE_STEP),
    "Seq2Slate, redundancy": ("redundancy", []),
    "Seq2Slate, redundancy, one step": ("redundancy", ONE_STEP),
    "Seq2Slate, both": ("both", []), "Seq2Slate, both, one step": ("both", ONE_STEP),
    "Seq2Slate, both, REINFORCE": ("reinforced", []),
    "Seq2Slate, both, REINFORCE, one step": ("reinforced", ONE_STEP),
    "PRM": ("prm", []),
}
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
    """Test scores of each model, of each seed for those that draw; kept in a file each."""
    validation, test = parts[1:]
    scores = {BASE: [-test.features[:, -1].astype(float)]}

    def kept(name, make):
        path = folder / f"{name}.npy"
        if not path.exists():
            print(f"seq2slate: {folder.name}, {name}", file=sys.stderr, flush=True)
            np.save(path, make())
        return np.load(path)

    for name, rank in PEERS.items():
        scores[name] = [kept(name.replace(" ", "-"), lambda rank=rank: rank(*parts))]
    wide = [with_redundancy(part) for part in parts]
    scores["LambdaMART, redundancy"] = [
        kept("LambdaMART-redundancy", lambda: trees.lambdamart(*wide))]
    held = {}
    for name, (configuration, options) in OURS.items():
        scores[name] = []
        for seed in range(1, seeds + 1):
            bundle = ours.train(configuration, folder, f"{configuration}-{seed}", seed)
            scores[name].append(ours.scores(bundle, folder, "test", test, *options))
            held.setdefault(name, []).append(
                ndcg(ours.scores(bundle, folder, "validation", validation, *options), validation))
    return scores, {name: np.mean(values) for name, values in held.items()}


def table(judged, first):
    """Markdown: means over test queries, and NDCG@10 against LambdaMART, and for a sequence against
    its one-step variant, on the same queries."""
    rows = [
        "| ranker | " + " | ".join(METRICS) + " | NDCG@10 less LambdaMART's | p | less one step's"
        " | p |", "|---" * (len(METRICS) + 5) + "|"]
    column = METRICS.index("NDCG@10")

    def values(name):
        sessions = judged[name][:1] if first else judged[name]
        with np.errstate(all="ignore"):
            return np.nanmean(sessions, 0)

    def against(name, other):
        if name == other or other not in judged:
            return "– | –"
        difference, low, high, p = paired(values(other)[:, column], values(name)[:, column])
        return f"{difference:+.4f} [{low:+.4f}, {high:+.4f}] | {p:.4f}"

    for name in judged:
        mean = np.nanmean(values(name), 0)
        rows.append(
            f"| {name} | " + " | ".join(f"{value:.4f}" for value in mean)
            + f" | {against(name, 'LambdaMART')} | {against(name, f'{name}, one step')} |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--clicks", choices=["plain", "diverse"], action="append")
    parser.add_argument("--eta", type=float, default=0.0)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", "Mean of empty slice")  # queries without a click
    for clicks in options.clicks or ["plain", "diverse"]:
        judged, held = {}, {}
        for number, (fold, read) in enumerate(folds(options.source).items()):
            folder = options.output.resolve() / f"{clicks}-{options.eta:g}" / fold
            parts = prepare(
                folder, read, clicks == "diverse", options.eta, options.sessions, number)
            scores, validation = fold_scores(folder, parts, options.seeds)
            for name, drawn in scores.items():
                judged.setdefault(name, []).append(
                    np.mean([judge(each, parts[2]) for each in drawn], 0))
            for name, value in validation.items():
                held.setdefault(name, []).append(value)
        judged = {name: np.concatenate(each, 1) for name, each in judged.items()}
        parts = [
            f"{clicks} clicks, eta {options.eta:g}; ours: mean of {options.seeds} trainings",
            table(judged, True)]
        if options.sessions > 1:
            parts += [f"the same, mean of {options.sessions} sessions of each test query",
                      table(judged, False)]
        parts.append("validation NDCG@10: " + ", ".join(
            f"{name} {np.mean(values):.4f}" for name, values in held.items()))
        text = "\n\n".join(parts)
        (options.output / f"{clicks}-{options.eta:g}.md").write_text(text + "\n")
        print(text, flush=True)


main()
