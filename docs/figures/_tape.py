"""Reverse-mode differentiation in a page: arrays that know what they were made of. NumPy, for figures that train."""

import numpy as np


class Tape:
    """An array, and how its gradient goes on to the arrays that it was made of."""

    def __init__(self, value, *made_of):
        self.value, self.made_of, self.grad = value, made_of, 0  # made_of: (Tape, its gradient from ours)

    def __add__(self, other):
        return Tape(self.value + other.value, (self, lambda g: g), (other, lambda g: g))

    def __mul__(self, number):
        return Tape(self.value * number, (self, lambda g: g * number))

    def __matmul__(self, other):
        a, b = self.value, other.value
        return Tape(a @ b, (self, lambda g: g @ b.swapaxes(-1, -2)), (other, lambda g: a.swapaxes(-1, -2) @ g))

    @property
    def T(self):
        return Tape(self.value.swapaxes(-1, -2), (self, lambda g: g.swapaxes(-1, -2)))

    def relu(self):
        return Tape(np.maximum(self.value, 0), (self, lambda g: g * (self.value > 0)))

    def reshape(self, *shape):
        return Tape(self.value.reshape(shape), (self, lambda g: g.reshape(self.value.shape)))

    def swap(self, a, b):
        return Tape(self.value.swapaxes(a, b), (self, lambda g: g.swapaxes(a, b)))

    def softmax(self, mask=0):
        p = np.exp(self.value + mask - np.max(self.value + mask, axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        return Tape(p, (self, lambda g: p * (g - np.sum(g * p, axis=-1, keepdims=True))))

    def normalized(self, axis=-1, eps=1e-5):
        """Mean 0 and variance 1 along an axis: the last for layer normalization, the batch for batch normalization."""

        def mean(a):
            return a.mean(axis=axis, keepdims=True)

        centred = self.value - mean(self.value)
        root = np.sqrt(mean(centred**2) + eps)
        z = centred / root
        return Tape(z, (self, lambda g: (g - mean(g) - z * mean(g * z)) / root))

    def backward(self, g):
        """Add the gradient to `grad` of everything that this was made of."""
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node.made_of:
                    visit(parent)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0
        self.grad = g
        for node in reversed(order):
            for parent, back in node.made_of:
                g = back(node.grad)
                extra = g.ndim - parent.value.ndim
                axes = (*range(extra), *(i + extra for i, n in enumerate(parent.value.shape) if n < g.shape[i + extra]))
                parent.grad = parent.grad + (g.sum(axis=axes, keepdims=True).reshape(parent.value.shape) if axes else g)
