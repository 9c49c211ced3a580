"""Tables of a comparison, in Markdown."""

import statistics

import kinds


def table(header, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [header] + rows) for i in range(len(header))]

    def line(row):
        first = row[0].ljust(widths[0])
        return "| " + " | ".join([first] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]) + " |"

    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join([line(header), "| " + " | ".join(rule) + " |"] + [line(row) for row in rows])


def speed(found):
    """Rows a second of the fastest epoch."""
    return max(rate for training in found["trainings"] for rate in training["rows_per_second"])


def aucs(found, task):
    """Of each seed's last epoch."""
    return [training["auc"][-1][task] for training in found["trainings"]]


def spread(values):
    deviation = f" ± {statistics.stdev(values):.4f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.4f}{deviation}"


def best_form(found):
    """The form with the lowest median, and its times, shortest first."""
    times = found["milliseconds"]
    name = min(times, key=lambda form: statistics.median(times[form]))
    return name, sorted(times[name])


def percentiles(times):
    return statistics.median(times), times[len(times) * 99 // 100]


def case_table(case):
    batches = list(case["systems"][0]["training"])
    header = [""]
    for batch in batches:
        header += [f"rows/s, {batch}", "ratio"]
    header += ["p50 ms", "ratio", "p99 ms", "ratio", "form"]
    header += [f"{'AUC' if task == 0 else name + ', AUC'}, {batch}"
               for task, name in enumerate(case["tasks"]) for batch in batches]
    header += ["others' CPU"]
    ours, lines = case["systems"][0], []
    own = percentiles(best_form(ours["scoring"])[1])
    for system in case["systems"]:
        cells = [system["name"]]
        for batch in batches:
            rate = speed(system["training"][batch])
            cells += [f"{rate:,.0f}", f"{speed(ours['training'][batch]) / rate:.1f}×"]
        form, times = best_form(system["scoring"])
        for value, mine in zip(percentiles(times), own):
            cells += [f"{value:.2f}", f"{value / mine:.1f}×"]
        cells.append(form)
        cells += [spread(aucs(system["training"][batch], task))
                  for task in range(len(case["tasks"])) for batch in batches]
        foreign = [found["foreign"] for found in [*system["training"].values(), system["scoring"]]]
        cells.append(f"{max(foreign):.0%}")
        lines.append(cells)
    return table(header, lines)


def memory_table(found):
    lines, ours = [], next(iter(found["systems"].values()))
    for name, sizes in found["systems"].items():
        (few, small), (many, large) = sizes.items()
        (_, (_, own)) = ours.items()
        lines.append([
            name, f"{speed(large):,.0f}", f"{speed(own) / speed(large):.1f}×",
            f"{large['peak_bytes'] / 1e6:,.0f}", f"{large['peak_bytes'] / own['peak_bytes']:.2f}×",
            f"{small['peak_bytes'] / 1e6:,.0f}",
            f"{(large['peak_bytes'] - small['peak_bytes']) / (many - few):.0f}",
            f"{large['foreign']:.0%}"])
    return table(
        ["", "rows/s", "ratio", "peak MB", "ratio", f"peak MB, {few} rows", "bytes a row",
         "others' CPU"], lines)


def render(results):
    """All tables of the results, as the JSON file holds them."""
    machine = results["machine"]
    parts = [
        "# Rankers: against their peers",
        f"{machine['processor']}, {machine['cores']} cores; PyTorch {results['torch']},"
        f" DeepCTR-Torch {results['deepctr']}; Adam."]
    if "table" in results:
        found = results["table"]
        rows = list(next(iter(found["systems"].values())))[-1]
        return "\n\n".join(parts + [
            f"## A table of {rows:,} rows: 16 numbers for DeepFM's pairs and 1 for its linear part\n\n"
            f"{results['epochs']} epochs of {found['rows']:,} rows in batches of 4096, the fastest"
            " counts. Bytes a row: what the peak grew by from the smaller table to this one. 17 numbers"
            " and Adam's two moments are 204; ours keeps the best epoch's numbers too, 68 more.",
            memory_table(found)]) + "\n"
    parts.append(
        f"Rows a second: training on all cores, the fastest epoch. AUC: on test rows after"
        f" {results['epochs']} epochs, mean and deviation of {results['seeds']} seeds. p50 and p99:"
        f" one request of {results['candidates']} candidates on one core, from ids to scores, peers in"
        " the form of PyTorch that was fastest. Others' CPU: the most of the machine that other work"
        " took; do not trust a row with much of it.")
    for case in results["cases"]:
        parts += [f"## {case['kind']}, {case['rows']:,} rows", case_table(case)]
        if note := kinds.NOTES.get(case["kind"]):
            parts.append(note)
    return "\n\n".join(parts) + "\n"
