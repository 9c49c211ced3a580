"""Results of runs by seed, kept in a file, and their table."""

import json
import statistics


class Results:
    """Measures by name and seed. What a file holds already is not measured again."""

    def __init__(self, path):
        self.path = path
        self.runs = json.loads(path.read_text()) if path.exists() else {}

    def has(self, name, seed):
        return str(seed) in self.runs.get(name, {})

    def add(self, name, seed, measures, seconds):
        self.runs.setdefault(name, {})[str(seed)] = {**measures, "seconds": seconds}
        self.path.write_text(json.dumps(self.runs, indent=1))
        shown = ", ".join(f"{key} {value:.4f}" for key, value in measures.items())
        print(f"{name} seed {seed}: {shown}, {seconds:.1f} s", flush=True)

    def show(self, title):
        """Mean and standard deviation over seeds, as Markdown."""
        keys = list(dict.fromkeys(
            key for runs in self.runs.values() for run in runs.values() for key in run))
        keys.append(keys.pop(keys.index("seconds")))
        print(f"\n| {title} | {' | '.join(keys)} |\n|---{'|---' * len(keys)}|")
        for name, runs in self.runs.items():
            cells = [name]
            for key in keys:
                values = [run[key] for run in runs.values() if key in run]
                if not values:
                    cells.append("")
                elif key == "seconds":
                    cells.append(f"{statistics.mean(values):.1f}")
                else:
                    spread = statistics.stdev(values) if len(values) > 1 else 0
                    cells.append(f"{statistics.mean(values):.4f} ± {spread:.4f}")
            print("| " + " | ".join(cells) + " |")
