"""Trains and judges every model on every fold; see run."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import numpy as np  # noqa: E402

import lightgbm_peer  # noqa: E402
from letor import METRICS, Part, interval, judge  # noqa: E402

PEER = "LightGBM lambdarank"
OURS = {
    "rank_svm": "rank_svm", "mlp-lambdarank": "mlp, lambdarank", "mlp-listnet": "mlp, listnet",
    "mlp-listmle": "mlp, listmle", "xgboost": "xgboost rank:ndcg", "lambdamart": "xgboost lambdamart",
}


def files_of(source, fold):
    """Fold k trains on three files in rotation, validates on the next and tests on the one after."""
    names = [str(source / f"S{(fold + index - 1) % 5 + 1}.txt") for index in range(5)]
    return names[:3], names[3:4], names[4:]


def vitrine(*arguments, **options):
    command = [os.environ["VITRINE"], *map(str, arguments)]
    done = subprocess.run(command, **options)
    if done.returncode != 0:
        sys.exit(f"mq2008: this failed with {done.returncode}: {' '.join(command)}")


def ours(model, files, folder):
    """Searches on the validation part, and scores the test part with the winner."""
    configuration = folder / f"{model}.yaml"
    train, validation, test = files
    configuration.write_text(
        (HERE / f"{model}.yaml").read_text()
        + f"\ndata:\n  format: svmlight\n  train: {json.dumps(train)}\n"
        + f"  validation: {json.dumps(validation)}\n  test: {json.dumps(test)}\n")
    search = folder / model
    vitrine("tune", configuration, "--output", search, "--no-test", stdout=subprocess.DEVNULL)
    requests = folder / "requests.jsonl"
    if not requests.exists():
        vitrine("dataset", "requests", configuration, "--part", "test", "--output", requests)
    ranked = folder / f"{model}.jsonl"
    with open(ranked, "w") as file:
        vitrine("rank", "--model", search / "best", requests, stdout=file)
    return {
        (ranking["id"], item["id"]): item["score"]
        for ranking in map(json.loads, open(ranked)) for item in ranking["items"]}


def fold_scores(fold, source, output, models):
    """The scores of the fold's test documents by each model, kept in a file each."""
    files = files_of(source, fold)
    folder = output / f"fold{fold}"
    folder.mkdir(parents=True, exist_ok=True)
    test = Part(files[2])
    scores = {}
    for model in models:
        kept = folder / f"{model}.npy"
        if not kept.exists():
            print(f"mq2008: fold {fold}, {model}", file=sys.stderr, flush=True)
            if model == PEER:
                values = lightgbm_peer.scores(*(Part(names) for names in files))
            else:
                found = ours(model, files, folder)
                values = np.array([found[key] for key in zip(test.queries, test.documents)])
            np.save(kept, values)
        scores[model] = np.load(kept)
    return test, scores


def table(values, resamples):
    """Markdown: means over all test queries, and NDCG@10 against the peer's on the same queries."""
    lines = []
    peer = values[PEER]
    for title, filled in [
        ("queries without a relevant document left out", False), ("such queries counting 0", True)]:
        lines += [f"| {title} | " + " | ".join(METRICS) + " | NDCG@10 against LightGBM |",
                  "|---" * (len(METRICS) + 2) + "|"]
        for model, rows in values.items():
            take = (lambda x: np.nan_to_num(x)) if filled else (lambda x: x[~np.isnan(x[:, 0])])
            own, other = take(rows), take(peer)
            cells = [f"{value:.4f}" for value in own.mean(0)]
            if model == PEER:
                cells.append("–")
            else:
                column = METRICS.index("NDCG@10")
                mean, low, high = interval(own[:, column] - other[:, column], resamples)
                cells.append(f"{mean:+.4f} [{low:+.4f}, {high:+.4f}]")
            lines.append(f"| {OURS.get(model, model)} | " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--only", choices=list(OURS), action="append", help="these of our models")
    parser.add_argument("--resamples", type=int, default=1000)
    options = parser.parse_args()
    models = [PEER, *(options.only or OURS)]
    judged = {model: [] for model in models}
    for fold in range(1, 6):
        test, scores = fold_scores(
            fold, options.source.resolve(), options.output.resolve(), models)
        for model in models:
            judged[model].append(judge(scores[model], test))
    values = {model: np.concatenate(parts) for model, parts in judged.items()}
    folds = {
        model: [np.nanmean(part, 0).round(4).tolist() for part in parts]
        for model, parts in judged.items()}
    (options.output / "results.json").write_text(
        json.dumps({"metrics": METRICS, "folds": folds}, indent=1))
    text = table(values, options.resamples)
    (options.output / "table.md").write_text(text)
    print(text)


main()
