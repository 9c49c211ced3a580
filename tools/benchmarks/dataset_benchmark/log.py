"""Writes a click log of any size: 12 columns, a million requests of 250,000 users, and items of
a million ids whose popularity has a long tail."""

import numpy as np

COLUMNS = [
    "request", "user", "item", "timestamp", "device", "city", "genres", "price", "age", "duration",
    "score", "click",
]
TEXTS = ["request", "user", "item", "device", "city", "genres"]
NUMBERS = ["timestamp", "price", "age", "duration", "score", "click"]

CONFIGURATION = """\
model: {kind: deepfm}
data: {impressions: log.csv, split: {validation: 0.1, test: 0.1}}
schema:
  categorical: [user, item, device, city]
  multi_valued: [genres]
  numeric: [price, age, duration, score]
"""


def write(path, rows, block=200_000):
    random = np.random.default_rng(1)
    devices = np.array(["tv", "web", "phone", "tablet"])
    with open(path, "w", encoding="ascii") as file:
        file.write(",".join(COLUMNS) + "\n")
        for start in range(0, rows, block):
            n = min(block, rows - start)
            request = np.arange(start, start + n) // 5
            user = request * 2654435761 % 250007
            item = random.zipf(1.2, n) % 1000000
            device = devices[random.integers(0, 4, n)]
            city = random.integers(0, 5000, n)
            genre = random.integers(0, 300, n)
            price = random.lognormal(3, 1, n)
            age = random.integers(18, 80, n)
            duration = random.exponential(300, n)
            score = random.normal(0, 1, n)
            click = (random.random(n) < 0.1).astype(int)
            file.writelines(
                f"r{request[i]},u{user[i]},i{item[i]},{1537799250 + request[i] // 3},{device[i]},"
                f"city-{city[i]},g{genre[i]}|g{genre[i] // 7},{price[i]:.2f},{age[i]},"
                f"{duration[i]:.3f},{score[i]:.6f},{click[i]}\n"
                for i in range(n)
            )
