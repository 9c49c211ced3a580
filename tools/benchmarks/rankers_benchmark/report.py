"""Tables of a comparison, in Markdown."""

import statistics


def table(header, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]

    def line(row):
        first = row[0].ljust(widths[0])
        return "| " + " | ".join([first] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]) + " |"

    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join([line(header), "| " + " | ".join(rule) + " |"] + [line(row) for row in rows])


def case_table(case):
    own = max(case["rows"][0]["rows_per_second"])
    lines = []
    for record in case["rows"]:
        speed = max(record["rows_per_second"])
        times = sorted(record["milliseconds"])
        median = f"{statistics.median(times):.2f}" if times else "–"
        late = f"{times[len(times) * 99 // 100]:.2f}" if times else "–"
        lines.append([
            record["name"], f"{speed:,.0f}", f"{own / speed:.1f}×", median, late,
            f"{record['peak_bytes'] / 1e6:.0f}",
            " → ".join(f"{auc:.4f}" for auc in record["auc"]), f"{record['foreign']:.0%}"])
    return table(
        ["", "rows/s", "vitrine is", "p50 ms", "p99 ms", "peak MB", "AUC by epoch", "others' CPU"],
        lines)


def render(results):
    """All tables of the results, as results.json holds them."""
    machine = results["machine"]
    parts = [
        "# Rankers: against their peers",
        f"{machine['processor']}, {machine['cores']} cores; PyTorch {results['torch']},"
        f" DeepCTR-Torch {results['deepctr']}. {results['training_rows']} rows to train on, Adam.\n"
        "Rows a second: the faster epoch, all cores. p50 and p99: one request of 200 candidates, one"
        " thread."]
    for case in results["cases"]:
        parts += [f"## {case['kind']}, batches of {case['batch']}", case_table(case)]
    return "\n\n".join(parts) + "\n"
