import torch

from snippets.moving_average import running_mean, running_variance
from tests.witness import witness


def after_one_batch(z, momentum, mu_bar=None, var_bar=None):
    """A BatchNorm1d whose running statistics were these before it saw the batch."""
    layer = torch.nn.BatchNorm1d(z.shape[1], momentum=momentum)
    for buffer, value in ((layer.running_mean, mu_bar), (layer.running_var, var_bar)):
        if value is not None:
            buffer.copy_(value)
    layer.train()(z)
    return layer


@witness(running_mean, z="(m, d)", mu=lambda z: z.mean(axis=0))
def test_running_mean(z, mu_bar, p):
    return after_one_batch(z, momentum=1 - p, mu_bar=mu_bar).running_mean


@witness(running_variance, z="(m, d)", var=lambda z: z.var(axis=0), m=lambda z: z.shape[0])
def test_running_variance(z, var_bar, p):
    return after_one_batch(z, momentum=1 - p, var_bar=var_bar).running_var
