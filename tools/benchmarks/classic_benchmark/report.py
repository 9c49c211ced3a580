"""Tables of a comparison, in Markdown."""


def table(header, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]

    def line(row):
        first = row[0].ljust(widths[0])
        return "| " + " | ".join([first] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]) + " |"

    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join([line(header), "| " + " | ".join(rule) + " |"] + [line(row) for row in rows])


def boosted_table(case):
    own = case["records"][0]
    lines = []
    for record in case["records"]:
        same = {None: "–", True: "yes", False: "no"}[record["same_trees"]]
        lines.append([
            record["name"], f"{record['seconds']:.2f}", f"{record['round'] * 1000:.1f}",
            f"{own['seconds'] / record['seconds']:.2f}×", f"{own['round'] / record['round']:.2f}×",
            f"{record['peak_bytes'] / 1e6:.0f}", f"{record['auc']:.6f}",
            f"{record['log_loss']:.6f}", same, f"{record['foreign']:.0%}"])
    return table(
        ["", "s in all", "ms a round", "time", "time a round", "peak MB", "AUC", "log loss",
         "same trees", "others' CPU"], lines)


def render(results):
    """All tables of the results, as results.json holds them."""
    machine = results["machine"]
    parts = [
        "# Classic rankers: against their peers",
        f"{machine['processor']}, {machine['cores']} cores; XGBoost {results['xgboost']}.",
    ]
    if case := results.get("boosted"):
        parts += [
            "## Boosted trees",
            f"{case['rows']} × {case['columns']} numbers from CSV, hist, depth {case['depth']},"
            f" {case['rounds']} rounds, log loss of\ntraining and validation rows after each. In all:"
            " from the file to the saved model. A round: what one more\ncosts. Time: vitrine's over"
            " the row's. Quality on other rows, by the Python package from both files.",
            boosted_table(case)]
    return "\n\n".join(parts) + "\n"
