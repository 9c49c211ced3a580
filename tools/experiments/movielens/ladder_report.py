"""The table and the picture of `ladder`."""

import math

RUNGS = ("none", "plain", "cbam", "category")
SETTINGS = {"warm": "impressions.csv", "cold": "impressions-cold.csv"}
NAMES = {"none": "no picture", "plain": "plain CNN", "cbam": "CBAM",
         "category": "category-specific"}
TITLES = {"warm": "the last ratings by time", "cold": "films unseen in training"}


def metric(report, name, part="metrics"):
    return next((row for row in report[part] if row["metric"] == name), None)


def signed(row):
    """A difference with its interval and its deviation over seeds."""
    text = f"{row['value']:+.4f} [{row['lower']:+.4f}, {row['upper']:+.4f}]"
    values = row.get("trainings") or []
    return text + (f" ± {deviation(values):.4f}" if len(values) > 1 else "")


def deviation(values):
    mean = sum(values) / len(values)
    return (sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)) ** 0.5


def comparisons(rungs, reports, setting):
    """(rung, its report, the report against no picture, the one against the rung below)."""
    for index, rung in enumerate(rungs):
        first = reports.get(f"{setting}/{rung}/{rungs[0]}")
        below = reports.get(f"{setting}/{rung}/{rungs[index - 1]}") if index else None
        yield rung, first or reports[f"{setting}/{rung}/None"], first, below


def table(rungs, reports):
    lines = []
    for setting in SETTINGS:
        rows = list(comparisons(rungs, reports, setting))
        own = rows[0][1]
        lines += [f"**{setting}**: {TITLES[setting]}, {own['rows']} impressions of"
                  f" {own['users']} users", ""]
        lines += ["| rung | metric | mean of seeds (deviation) | less no picture"
                  " [95 %] ± deviation | less the rung below [95 %] ± deviation |",
                  "|---|---|---|---|---|"]
        for rung, report, first, below in rows:
            for name in ("AUC", "GAUC"):
                value = metric(report, name)
                if value is None:
                    continue
                spread = deviation(value["trainings"]) if value.get("trainings") else 0
                gains = [signed(metric(other, name, "differences")) if other else ""
                         for other in (first, below)]
                lines.append(f"| {NAMES[rung]} | {name} | {value['value']:.4f} ({spread:.4f}) |"
                             f" {gains[0]} | {gains[1]} |")
        lines.append("")
    return "\n".join(lines)


def picture(rungs, reports, width=760, row=34):
    """Gains in AUC over no picture: a bar for the interval, a dot for every seed."""
    bars = []
    for setting in SETTINGS:
        for rung, _, first, _ in comparisons(rungs, reports, setting):
            if first:
                bars.append((setting, rung, metric(first, "AUC", "differences")))
    values = [0.0] + [value for _, _, bar in bars
                      for value in [bar["lower"], bar["upper"], *(bar.get("trainings") or [])]]
    low, high = min(values), max(values)
    margin = 0.05 * (high - low or 1)
    low, high = low - margin, high + margin
    left, right = 230, width - 20

    def x(value):
        return left + (value - low) / (high - low) * (right - left)

    height = 90 + row * (len(bars) + len(SETTINGS))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
             ' font-family="sans-serif" font-size="13">',
             f'<rect width="{width}" height="{height}" fill="white"/>',
             '<text x="16" y="24" font-size="15">Gain in AUC over the ranker without pictures:'
             ' mean, 95 % over users, and every seed</text>']
    y, last = 46, None
    for setting, rung, bar in bars:
        if setting != last:
            parts.append(f'<text x="16" y="{y + 14}" font-weight="bold">{setting}:'
                         f' {TITLES[setting]}</text>')
            y, last = y + row, setting
        mid = y + 10
        parts += [f'<text x="32" y="{mid + 4}">{NAMES[rung]}</text>',
                  f'<line x1="{x(bar["lower"]):.1f}" x2="{x(bar["upper"]):.1f}" y1="{mid}"'
                  f' y2="{mid}" stroke="#3b6ea5" stroke-width="7" stroke-opacity="0.45"/>']
        parts += [f'<circle cx="{x(value):.1f}" cy="{mid}" r="2.5" fill="#c0562f"/>'
                  for value in bar.get("trainings") or []]
        parts.append(f'<line x1="{x(bar["value"]):.1f}" x2="{x(bar["value"]):.1f}"'
                     f' y1="{mid - 8}" y2="{mid + 8}" stroke="#1d3c5e" stroke-width="2"/>')
        y += row
    parts.append(f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="40" y2="{y}" stroke="#888"'
                 ' stroke-dasharray="4 3"/>')
    step = 10 ** round(math.log10((high - low) / 5))
    tick = -(-low // step) * step
    while tick <= high:
        parts += [f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{y}" y2="{y + 5}"'
                  ' stroke="#444"/>',
                  f'<text x="{x(tick):.1f}" y="{y + 20}" text-anchor="middle">{tick:+.4f}</text>']
        tick += step
    parts += [f'<line x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="#444"/>', "</svg>"]
    return "\n".join(parts) + "\n"
