import inspect
import itertools
import socket

import numpy as np
import pytest
import torch

from snippets.moving_average import (
    average_window,
    bias_corrected_average,
    cumulative_average,
    merge_statistics,
    population_statistics,
    running_mean,
    running_variance,
)
from yansuan.proof.witness import derivative, no_derivative, witness


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


@derivative(running_mean)
def lerp(mu_bar, mu, p):  # PyTorch's layer takes the batch, not its mean
    return torch.lerp(mu, mu_bar, p)


@derivative(running_variance, m=lambda rng: int(rng.integers(2, 9)))
def lerp_unbiased(var_bar, var, m, p):
    return torch.lerp(var * m / (m - 1), var_bar, p)


@pytest.mark.parametrize("snippet", [running_mean, running_variance])
def test_p_is_one_minus_pytorchs_momentum_by_default(snippet):
    assert inspect.signature(snippet).parameters["p"].default == 1 - torch.nn.BatchNorm1d(1).momentum


def test_a_batch_of_one_has_no_unbiased_variance():
    with pytest.raises(ValueError, match=r"^m: expected more than 1 example in a training batch, got 1$"):
        running_variance(np.ones(2), np.zeros(2), m=1)
    assert running_variance(np.ones(1), np.ones(1), m=2, p=0.5) == 0.5 + 0.5 * 2


def count(rng):
    return int(rng.integers(1, 9))


@witness(cumulative_average, z="(m, d)", mu=lambda z: z.mean(axis=0), t=count)
def test_cumulative_average(z, mu_bar, t):
    layer = torch.nn.BatchNorm1d(z.shape[1], momentum=None)
    layer.running_mean.copy_(mu_bar)
    layer.num_batches_tracked.fill_(t)
    layer.train()(z)
    return layer.running_mean


@derivative(cumulative_average, t=count)
def lerp_by_count(mu_bar, mu, t):
    return torch.lerp(mu_bar, mu, 1 / (t + 1))


@pytest.mark.parametrize("t", [0, 1, 4])
def test_a_cumulative_average_is_the_mean_of_all_batch_means(t):
    means = np.random.default_rng(t).normal(size=(t + 1, 3))
    mu_bar = np.full(3, 7.0)  # forgotten at the first step
    for step, mu in enumerate(means):
        mu_bar = cumulative_average(mu_bar, mu, step)
    assert mu_bar == pytest.approx(means.mean(axis=0), rel=1e-12)
    with pytest.raises(ValueError, match=r"^t: expected a number of batches, got -1$"):
        cumulative_average(mu_bar, mu_bar, -1)


def weights(t, p):
    """Of each of t batches in a moving average that started at 0, oldest first."""
    return torch.tensor([(1 - p) * p ** (t - 1 - k) for k in range(t)])


@witness(
    bias_corrected_average,
    means="(T, d)",
    t=lambda means: len(means),  # noqa: PLW0108 (its parameter's name counts)
    mu_bar=lambda means, p: sum((1 - p) * p ** (len(means) - 1 - k) * mu for k, mu in enumerate(means)),
)
def test_bias_corrected_average(means, p):
    return weights(len(means), p) @ means / weights(len(means), p).sum()


@witness(bias_corrected_average, mu_bar=lambda rng, scale: scale * rng.standard_normal(3), t=count)
def test_bias_corrected_average_of_an_average(mu_bar, t, p):
    return mu_bar / -torch.expm1(t * torch.log(torch.tensor(p)))


@derivative(bias_corrected_average, t=count)
def divided_by_what_is_there(mu_bar, t, p):
    return mu_bar / weights(t, p).sum()


@pytest.mark.parametrize(("t", "p"), [(0, 0.5), (1, 1.0), (1, -0.1)])
def test_a_correction_that_divides_by_nothing_is_refused(t, p):
    with pytest.raises(ValueError, match=rf"^t, p: expected t at least 1 and p from 0 to below 1, got {t} and {p}$"):
        bias_corrected_average(np.ones(1), t, p)
    assert bias_corrected_average(np.ones(1), 1, 0) == 1
    assert inspect.signature(bias_corrected_average).parameters["p"].default == 0.9


@witness(average_window)
def test_average_window(p):
    age = torch.arange(4000)
    weight = (1 - p) * p**age
    return 1 / weight[0], (weight * age).sum(), 1 / (weight**2).sum()


no_derivative(average_window, "a function of p alone, which is a setting")


@witness(average_window)
def test_average_window_as_a_series(p):
    powers = sum(p**k for k in range(1, 4000))
    return torch.tensor(1 + powers), torch.tensor(powers), torch.tensor(1 + 2 * powers)


@pytest.mark.parametrize("p", [-0.1, 1.0])
def test_a_window_needs_a_weight_below_one(p):
    with pytest.raises(ValueError, match=rf"^p: expected a weight from 0 to below 1, got {p}$"):
        average_window(p)
    assert average_window(0.0) == (1, 0, 1)


def several(rng, scale, offset):
    return scale * rng.standard_normal((5, 4, 3)) + offset


@witness(
    population_statistics, z=several, mu=lambda z: z.mean(axis=1), var=lambda z: z.var(axis=1), m=lambda z: z.shape[1]
)
def test_population_statistics(z):
    return torch.mean(z, dim=(0, 1)), torch.var(z, dim=1, correction=1).mean(dim=0)


@witness(
    population_statistics, z=several, mu=lambda z: z.mean(axis=1), var=lambda z: z.var(axis=1), m=lambda z: z.shape[1]
)
def test_population_statistics_by_batch_norm(z):
    layer = torch.nn.BatchNorm1d(3, momentum=None)
    for batch in z:
        layer.train()(batch)
    return layer.running_mean, layer.running_var


@derivative(population_statistics, m=lambda rng: int(rng.integers(2, 9)))
def means_of_statistics(mu, var, m):
    return torch.mean(mu, dim=0), m * torch.mean(var, dim=0) / (m - 1)


@pytest.mark.parametrize("m", [2, 3])
def test_population_statistics_are_right_on_average_over_every_possible_batch(m):
    source = np.array([0.0, 1.0, 5.0])
    batches = np.array(list(itertools.product(source, repeat=m)))
    mu_bar, var_bar = population_statistics(batches.mean(axis=1)[:, None], batches.var(axis=1)[:, None], m)
    assert mu_bar == pytest.approx(source.mean(), rel=1e-12)
    assert var_bar == pytest.approx(source.var(), rel=1e-12)
    with pytest.raises(ValueError, match=r"^m: expected more than 1 example in each batch, got 1$"):
        population_statistics(np.ones((1, 1)), np.ones((1, 1)), 1)


def shards(rng, scale, offset):
    return [scale * rng.standard_normal((m, 3)) + offset for m in rng.permutation([1, 2, 5, 9])]


@witness(
    merge_statistics,
    z=shards,
    m=lambda z: np.array([len(s) for s in z]),
    mu=lambda z: np.stack([s.mean(axis=0) for s in z]),
    var=lambda z: np.stack([s.var(axis=0) for s in z]),
)
def test_merge_statistics(z):
    return torch.mean(torch.cat(z), dim=0), torch.var(torch.cat(z), dim=0, correction=0)


@derivative(
    merge_statistics,
    m=lambda rng: rng.integers(1, 9, size=4),
    mu=lambda rng: rng.standard_normal((4, 3)),
    var=lambda rng: rng.uniform(1, 2, (4, 3)),
)
def by_moments(m, mu, var):
    share = (m / m.sum())[:, None]
    mean = (share * mu).sum(dim=0)
    return mean, (share * (var + mu**2)).sum(dim=0) - mean**2


def of_process(rank, port, z, queue):
    """One of two processes: its shard's statistics, gathered from both, merged."""
    torch.distributed.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=2)
    mine = torch.tensor(np.concatenate([[len(z)], z.mean(axis=0), z.var(axis=0)]))
    gathered = [torch.zeros_like(mine) for _ in range(2)]
    torch.distributed.all_gather(gathered, mine)
    m, mu, var = np.split(torch.stack(gathered).numpy(), [1, 1 + z.shape[1]], axis=1)
    queue.put((rank, *merge_statistics(m[:, 0], mu, var)))
    torch.distributed.destroy_process_group()


@pytest.mark.own_process
def test_two_processes_find_the_statistics_of_the_whole_batch():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    z = np.random.default_rng(0).normal(size=(12, 3)) * [1, 10, 0.1] + [0, 5, 100]
    context = torch.multiprocessing.get_context("spawn")
    queue = context.Queue()
    parts = np.split(z, [4])
    processes = [context.Process(target=of_process, args=(rank, port, parts[rank], queue)) for rank in range(2)]
    for process in processes:
        process.start()
    found = [queue.get(timeout=100) for _ in processes]
    for process in processes:
        process.join(timeout=100)
    for _, mu, var in found:
        assert mu == pytest.approx(z.mean(axis=0), rel=1e-12)
        assert var == pytest.approx(z.var(axis=0), rel=1e-9)
