"""The networks of the PyTorch side, in plain PyTorch: importing torchvision is not needed."""

import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    """The basic residual block (He et al., CVPR 2016), with torchvision's layers and names."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResidualNet(nn.Module):
    """Images [N, 3, S, S] to logits [N, classes], or to pooled features by `features`."""

    def __init__(self, classes, widths, blocks):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        stages, channels = [], widths[0]
        for stage, (width, count) in enumerate(zip(widths, blocks)):
            for index in range(count):
                stride = 2 if stage > 0 and index == 0 else 1
                stages.append(Block(channels, width, stride))
                channels = width
        self.blocks = nn.Sequential(*stages)
        self.fc = nn.Linear(channels, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def features(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x)), inplace=True), 3, 2, padding=1)
        return self.blocks(x).mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


def resnet18(classes):
    return ResidualNet(classes, (64, 128, 256, 512), (2, 2, 2, 2))


def plain(classes):
    """1.6 million parameters."""
    return ResidualNet(classes, (32, 64, 128, 256), (2, 2, 2, 1))
