"""The comparison as Markdown that reads well as plain text."""


def table(header, rows):
    """First column to the left, numbers to the right."""
    cells = [header] + rows
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]

    def line(row):
        padded = [row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
        return "| " + " | ".join(padded) + " |"

    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join([line(header), "| " + " | ".join(rule) + " |"] + [line(row) for row in rows])


def number(value, digits=1):
    return "–" if value is None else f"{value:.{digits}f}"


def pipeline(variant):
    return ", ".join(f"{value} {name}" for name, value in variant.items()) or "default"


def throughput(records):
    own = {r["precision"]: r["rate"] for r in whole(records) if r["name"].startswith("vitrine")}
    rows = []
    for record in records:
        if "(" in record["name"]:
            continue
        if "rate" not in record:
            rows.append([record["name"]] + ["n/a"] + [""] * 8)
            continue
        rates = record["rates"]
        ratios = [
            f"{own[p] / record['rate']:.2f}×" if p in own else "–" for p in ("fp32", "bf16", "int8")
        ]
        rows.append([
            record["name"], number(record["rate"]), f"{min(rates):.1f}–{max(rates):.1f}", *ratios,
            number(record["peak_bytes"] / 1e6, 0), number(record["wall"]),
            f"{record['foreign']:.0%}", pipeline(record["variant"])])
    return table(
        ["images/s", "median", "range", "fp32 ratio", "bf16 ratio", "int8 ratio", "peak MB",
         "wall s", "others' CPU", "pipeline"], rows)


def whole(records):
    """Rows that use all cores and have run."""
    return [r for r in records if "rate" in r and "(" not in r["name"]]


def fidelities(records):
    rows = []
    for record in whole(records):
        if not record.get("fidelity"):
            continue
        centred, plain = record["fidelity"]["centred"], record["fidelity"]["plain"]
        rows.append([record["name"]] + [number(v, 6) for v in (*centred.values(), *plain.values())])
    return table(["cosine to fp32", "centred mean", "p1", "min", "plain mean", "p1", "min"], rows)


def scaling(records, cores):
    rates = {r["name"]: r["rate"] for r in records if "rate" in r}
    rows = []
    for name, rate in rates.items():
        if one := rates.get(f"{name} (1 worker)"):
            rows.append([name, number(one), number(rate), f"{rate / one:.2f}×"])
    return table(["workers", "1", str(cores), "ratio"], rows) if rows else ""


def stages(records, images):
    timed = [r for r in records if r.get("stages")]
    names = list(dict.fromkeys(name for r in timed for name in r["stages"]))
    rows = [
        [r["name"]] + [number(1e3 * r["stages"].get(name, 0) / images, 3) for name in names]
        for r in timed
    ]
    return table(["CPU ms an image"] + names, rows) if rows else ""


def distance(records, flops, peak, cores, images):
    """The whole pipeline, decoding included, and the network alone where its time is known.

    Operations are those of direct convolution: Winograd's, which are fewer, can pass the peak.
    """
    rows = []
    for record in whole(records):
        best = peak.get(record["precision"])
        if not best:
            continue
        reached = record["rate"] / cores * flops / 1e9
        infer = next((v for k, v in record["stages"].items() if k.startswith("infer")), None)
        alone = images / infer * flops / 1e9 if infer else None
        rows.append([
            record["name"], number(reached, 0), number(best, 0), f"{reached / best:.0%}",
            number(alone, 0), f"{alone / best:.0%}" if alone else "–"])
    return table(
        ["GFLOP/s a core", "pipeline", "peak", "share", "network alone", "share"], rows)


def render(results):
    """All tables of the results, as results.json holds them."""
    machine, images = results["machine"], results["images"]
    parts = [
        "# Extraction: JPEG files to pooled features",
        f"{machine['processor']}, {machine['cores']} cores; {images['count']} images,"
        f" {images['bytes'] / 1e6:.1f} MB, from {images['source']}; {results['repetitions']}"
        " repetitions by turns, medians.\n"
        "Start-up, compilation and calibration are outside the clock, decoding is inside; vitrine's"
        " time includes\nhashing and storing. Ratios: vitrine's rate in that precision over the"
        " row's. Others' CPU: the most\nof the machine that other work took during a repetition;"
        " a run where it was above\n15 % was repeated, at most twice, and the calmest counts.",
        "Peers: " + ", ".join(f"{k} {v}" for k, v in results["versions"].items()) + ".",
    ]
    for name, network in results["networks"].items():
        records = network["rows"]
        parts += [
            f"## {name}", throughput(records),
            f"Fidelity to torchvision in fp32 over {images['judged']} images"
            f" ({images['overlap']}); centred: each side minus its own mean feature.",
            fidelities(records), scaling(records, machine["cores"]),
            stages(records, images["count"]),
            "GFLOP/s count the operations of direct convolution; Winograd needs fewer, and can pass"
            " the peak.",
            distance(records, network["flops"], results["peak"], machine["cores"],
                     images["count"]),
        ]
        failed = [f"- {r['name']}: n/a: {r['failure']}" for r in records if r.get("failure")]
        parts.append("\n".join(failed))
    return "\n\n".join(part for part in parts if part) + "\n"
