"""Tables of a comparison, in Markdown."""


def table(header, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]

    def line(row):
        first = row[0].ljust(widths[0])
        return "| " + " | ".join([first] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]) + " |"

    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join([line(header), "| " + " | ".join(rule) + " |"] + [line(row) for row in rows])


def step_table(case):
    rows = case["rows"]
    own = next((r["rate"] for r in rows if r["name"] == "vitrine" and "rate" in r), None)
    best = max((r["rate"] for r in rows if r["name"] != "vitrine" and "rate" in r), default=None)
    lines = []
    for row in rows:
        if "rate" not in row:
            lines.append([row["name"], f"n/a: {row['failure'][:60]}", "", "", "", ""])
            continue
        ratio = "–" if own is None else f"{own / row['rate']:.2f}×"
        if row["rate"] == best:
            ratio += " *"
        lines.append([
            row["name"], f"{row['rate']:.1f}", f"{min(row['rates']):.1f}–{max(row['rates']):.1f}",
            ratio, f"{row['peak_bytes'] / 1e6:.0f}", f"{row['foreign']:.0%}"])
    return table(["images/s", "median", "range", "ratio", "peak MB", "others' CPU"], lines)


def share(value):
    return "–" if value is None else f"{value:.1%}"


def accuracy_table(runs):
    lines = []
    for run in runs:
        reached = "not reached" if run["reached"] is None else f"{run['reached'] / 60:.1f}"
        lines.append([
            run["name"], f"{run['parameters'] / 1e6:.1f}", f"{run['accuracy']:.1%}",
            "–" if run["neighbours"] is None else f"{run['neighbours']:.1%}", reached,
            f"{run['seconds'] / 60:.1f}", f"{run['foreign']:.0%}"])
    return table(
        ["", "M parameters", "top-1", "neighbours", "min to PyTorch's top-1", "min in all",
         "others' CPU"], lines)


def render(results):
    """All tables of the results, as results.json holds them."""
    machine = results["machine"]
    parts = [
        "# Training: against PyTorch",
        f"{machine['processor']}, {machine['cores']} cores; PyTorch {results['torch']}.",
    ]
    if "steps" in results:
        parts.append(
            "ResNet-18, 10 classes: forward, cross-entropy, backward, SGD with momentum; no"
            f" decoding. Median of\n{results['repetitions']} repetitions by turns, each by its"
            " median step. Ratio: vitrine's rate over the row's; the row\nwith * is PyTorch's"
            " best. bf16: products in bfloat16, sums and weights in float32.")
    for case in results.get("steps", []):
        parts += [
            f"## {case['size']} px, batch {case['batch']}, {case['arithmetic']}",
            step_table(case)]
    if "accuracy" in results:
        parts += [
            "Top-1 and the class agreement of the nearest neighbour (cosine, leave one out) on"
            " the test photos, which\nserve nothing else.",
            accuracy_table(results["accuracy"])]
    return "\n\n".join(parts) + "\n"
