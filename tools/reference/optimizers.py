"""Reference for the optimizers: PyTorch's own SGD and AdamW in float64 over two groups.

    python tools/reference/optimizers.py

prints the weights after each of five steps as Swift literals, for the table in
Tests/NeuralNetworksTests/OptimizerGoldenTests.swift. Gradients depend on step, group and position
only: 0.5 * step * (position + 1) - group * 0.3, the second group's with its sign turned.
"""

import torch

torch.set_default_dtype(torch.float64)

STEPS = 5
RATE = 0.1
# The start of each group, the factor of its learning rate and its weight decay.
GROUPS = [([1.0, -2.0, 3.0], 1.0, 0.05), ([0.5, -0.25], 0.1, 0.0)]


def gradient(step, group, position):
    return (0.5 * step * (position + 1) - group * 0.3) * (-1) ** group


def course(make):
    weights = [torch.tensor(start, requires_grad=True) for start, _, _ in GROUPS]
    groups = [
        {"params": [weight], "lr": RATE * factor, "weight_decay": decay}
        for weight, (_, factor, decay) in zip(weights, GROUPS)
    ]
    optimizer = make(groups)
    rows = []
    for step in range(1, STEPS + 1):
        for group, weight in enumerate(weights):
            weight.grad = torch.tensor([gradient(step, group, i) for i in range(len(weight))])
        optimizer.step()
        rows.append([value for weight in weights for value in weight.tolist()])
    return rows


def main():
    optimizers = {
        "sgd": lambda groups: torch.optim.SGD(groups, momentum=0),
        "momentum": lambda groups: torch.optim.SGD(groups, momentum=0.9),
        "nesterov": lambda groups: torch.optim.SGD(groups, momentum=0.9, nesterov=True),
        "adamw": lambda groups: torch.optim.AdamW(groups, betas=(0.9, 0.99), eps=1e-8),
    }
    for name, make in optimizers.items():
        print(f'    "{name}": [')
        for row in course(make):
            print("      [" + ", ".join(f"{value:.12f}" for value in row) + "],")
        print("    ],")


if __name__ == "__main__":
    main()
