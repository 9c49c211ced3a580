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
from judging import METRICS, judge, paired  # noqa: E402
from lists import clicked, rank_svm, write_judged  # noqa: E402
from live import live_gain  # noqa: E402
from redundancy import with_redundancy  # noqa: E402
from sources import folds  # noqa: E402

PEERS = {
    "AdaRank": lines.ada_rank, "coordinate ascent": lines.coordinate_ascent,
    "LambdaMART": trees.lambdamart, "ListNet": networks.network(networks.listnet_gradient),
    "MART": trees.mart, "random forest": trees.random_forest, "RankBoost": lines.rank_boost,
    "RankNet": networks.network(networks.ranknet_gradient),
}
# Configurations of this folder.
OURS = {
    "Seq2Slate": "seq2slate", "Seq2Slate, redundancy": "redundancy", "Seq2Slate, both": "both",
    "Seq2Slate, both, REINFORCE": "reinforced", "PRM": "prm"}
ONE_STEP = ["--decoding", "one-step"]
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
        ours.one_session(output, folder / f"{name}-lists.jsonl")
    return made


def fold_scores(folder, parts, seeds):
    """Test scores of each model, of each seed for ours; those of the peers kept in a file each."""
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
    for name, configuration in OURS.items():
        print(f"seq2slate: {folder.name}, {name}", file=sys.stderr, flush=True)
        bundles = ours.chosen(configuration, folder, validation, seeds)
        scores[name] = [ours.scores(each, folder, "test", test) for each in bundles]
        if configuration != "prm":
            scores[f"{name}, one step"] = [
                ours.scores(each, folder, "test", test, *ONE_STEP) for each in bundles]
    return scores


def table(judged, metrics, compared):
    """Markdown: means over test queries, and one metric against LambdaMART, and for a sequence against
    its one-step variant, on the same queries. ``judged``: [queries, metrics] of each name."""
    rows = [
        "| ranker | " + " | ".join(metrics) + f" | {compared} less LambdaMART's | p | less one step's"
        " | p |", "|---" * (len(metrics) + 5) + "|"]
    column = metrics.index(compared)

    def against(name, other):
        if name == other or other not in judged:
            return "– | –"
        difference, low, high, p = paired(judged[other][:, column], judged[name][:, column])
        return f"{difference:+.4f} [{low:+.4f}, {high:+.4f}] | {p:.4f}"

    for name in judged:
        mean = np.nanmean(judged[name], 0)
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
        judged, live = {}, {}
        for number, (fold, read) in enumerate(folds(options.source).items()):
            folder = options.output.resolve() / f"{clicks}-{options.eta:g}" / fold
            parts = prepare(
                folder, read, clicks == "diverse", options.eta, options.sessions, number)
            for name, drawn in fold_scores(folder, parts, options.seeds).items():
                judged.setdefault(name, []).append(
                    np.mean([judge(each, parts[2]) for each in drawn], 0))
                live.setdefault(name, []).append(np.mean([
                    live_gain(each, parts[2], folder, clicks == "diverse", options.eta)
                    for each in drawn], 0)[:, None])
        judged = {name: np.concatenate(each, 1) for name, each in judged.items()}
        parts = [
            f"{clicks} clicks, eta {options.eta:g}; ours: mean of {options.seeds} trainings",
            table({name: each[0] for name, each in judged.items()}, METRICS, "NDCG@10")]
        if options.sessions > 1:
            parts += [
                f"the same, mean of {options.sessions} sessions of each test query",
                table({name: np.nanmean(each, 0) for name, each in judged.items()}, METRICS,
                      "NDCG@10")]
        parts += [
            "clicks on the order shown",
            table({name: np.concatenate(each) for name, each in live.items()}, ["DCG@10"],
                  "DCG@10")]
        text = "\n\n".join(parts)
        (options.output / f"{clicks}-{options.eta:g}.md").write_text(text + "\n")
        print(text, flush=True)


main()
