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
    update_running_statistics,
)
from yansuan.proof.witness import derivative, no_derivative, witness


def batches(rng, scale, offset):
    """A batch of numbers, of vectors or of tables, shuffled features of unequal scale."""
    sizes = rng.integers(2, 5, rng.integers(1, 4))
    return scale * 10.0 ** rng.uniform(-1, 1, sizes[1:]) * rng.standard_normal(sizes) + offset


def so_far(rng, z):
    return rng.uniform(0.1, 9, z.shape[1:])


@witness(running_mean, by="torch.nn.BatchNorm1d", z=batches, mu_bar=so_far, mu=lambda z: z.mean(axis=0))
def test_running_mean(z, mu_bar, p):
    layer = torch.nn.BatchNorm1d(z[0].numel(), momentum=1 - p)
    layer.running_mean.copy_(torch.as_tensor(mu_bar).ravel())
    layer.train()(z.reshape(len(z), -1))
    return layer.running_mean.reshape(z.shape[1:])


@witness(
    running_variance,
    by="torch.nn.BatchNorm1d",
    z=batches,
    var_bar=so_far,
    var=lambda z: z.var(axis=0),
    m=lambda z: z.shape[0],
)
def test_running_variance(z, var_bar, p):
    layer = torch.nn.BatchNorm1d(z[0].numel(), momentum=1 - p)
    layer.running_var.copy_(torch.as_tensor(var_bar).ravel())
    layer.train()(z.reshape(len(z), -1))
    return layer.running_var.reshape(z.shape[1:])


def maps(rng, scale, offset):
    """Values of several channels of unequal scale, at no, some or many places."""
    N, C, *places = rng.integers(2, 5, rng.integers(2, 6))
    scales = scale * 10.0 ** rng.uniform(-1, 1.5, (C, *[1 for _ in places]))
    return scales * rng.standard_normal((N, C, *places)) + offset


MAPS = {"z": maps, "mu_bar": lambda rng, z: rng.standard_normal(z.shape[1])} | {
    "var_bar": lambda rng, z: rng.uniform(0.1, 9, z.shape[1])
}


@witness(update_running_statistics, by="torch.nn.functional.batch_norm", **MAPS)
def test_update_running_statistics(mu_bar, var_bar, z, momentum):
    torch.nn.functional.batch_norm(z, mu_bar, var_bar, training=True, momentum=momentum)  # writes into both
    return mu_bar, var_bar


@derivative(update_running_statistics, **MAPS, momentum=lambda: 0.3)
def lerp_of_channels(mu_bar, var_bar, z, momentum):
    rows = z.movedim(1, -1).flatten(0, -2)
    return torch.lerp(mu_bar, rows.mean(dim=0), momentum), torch.lerp(var_bar, rows.var(dim=0), momentum)


PAIR = {"mu_bar": lambda rng: rng.standard_normal(3), "mu": lambda rng: rng.standard_normal(3)}


@derivative(running_mean, **PAIR)
def lerp(mu_bar, mu, p):  # PyTorch's layer takes the batch, not its mean
    return torch.lerp(mu, mu_bar, p)


@derivative(running_variance, m=lambda rng: int(rng.integers(2, 9)))
def lerp_unbiased(var_bar, var, m, p):
    return torch.lerp(var * m / (m - 1), var_bar, p)


@pytest.mark.parametrize("snippet", [running_mean, running_variance])
def test_p_is_one_minus_pytorchs_momentum_by_default(snippet):
    assert inspect.signature(snippet).parameters["p"].default == 1 - torch.nn.BatchNorm1d(1).momentum


def test_a_batch_of_one_has_no_unbiased_variance():
    with pytest.raises(ValueError, match=r"^m: expected a number of at least 2, got 1$"):
        running_variance(np.ones(2), np.zeros(2), m=1)
    assert running_variance(np.ones(1), np.ones(1), m=2, p=0.5) == 0.5 + 0.5 * 2


def count(rng):
    return int(rng.integers(1, 9))


@witness(
    cumulative_average,
    by="torch.nn.BatchNorm1d",
    z=batches,
    mu_bar=so_far,
    mu=lambda z: z.mean(axis=0),
    t=lambda rng: int(rng.integers(0, 9)),
)
def test_cumulative_average(z, mu_bar, t):
    layer = torch.nn.BatchNorm1d(z[0].numel(), momentum=None)
    layer.running_mean.copy_(torch.as_tensor(mu_bar).ravel())
    layer.num_batches_tracked.fill_(t)
    layer.train()(z.reshape(len(z), -1))
    return layer.running_mean.reshape(z.shape[1:])


@derivative(cumulative_average, t=count, **PAIR)
def lerp_by_count(mu_bar, mu, t):
    return torch.lerp(mu_bar, mu, 1 / (t + 1))


@pytest.mark.parametrize("t", [0, 1, 4])
def test_a_cumulative_average_is_the_mean_of_all_batch_means(t):
    means = np.random.default_rng(t).normal(size=(t + 1, 3))
    mu_bar = np.full(3, 7.0)  # forgotten at the first step
    for step, mu in enumerate(means):
        mu_bar = cumulative_average(mu_bar, mu, step)
    assert mu_bar == pytest.approx(means.mean(axis=0), rel=1e-12)
    with pytest.raises(ValueError, match=r"^t: expected a number of at least 0, got -1$"):
        cumulative_average(mu_bar, mu_bar, -1)


def weights(t, p):
    """Of each of t batches in a moving average that started at 0, oldest first."""
    return torch.tensor([(1 - p) * p ** (t - 1 - k) for k in range(t)])


@witness(
    bias_corrected_average,
    by="torch.optim.Adam",
    means=lambda rng, scale, offset: scale * rng.standard_normal((rng.integers(1, 9), 3)) + offset,
    t=lambda means: len(means),  # noqa: PLW0108 (its parameter's name counts)
    mu_bar=lambda means, p: sum((1 - p) * p ** (len(means) - 1 - k) * mu for k, mu in enumerate(means)),
)
def test_bias_corrected_average_as_in_adam(means, p):
    x = torch.zeros(3, requires_grad=True)
    adam = torch.optim.Adam([x], lr=1.0, betas=(p, 0.0), eps=1e-300)
    for x.grad in means:
        with torch.no_grad():
            x.zero_()
        adam.step()
    return -x * means[-1].abs()


@witness(
    bias_corrected_average,
    means="(T, d)",
    t=lambda means: len(means),  # noqa: PLW0108 (its parameter's name counts)
    mu_bar=lambda means, p: sum((1 - p) * p ** (len(means) - 1 - k) * mu for k, mu in enumerate(means)),
)
def test_bias_corrected_average(means, p):
    return weights(len(means), p) @ means / weights(len(means), p).sum()


@witness(bias_corrected_average, t=count)
def test_bias_corrected_average_of_an_average(mu_bar, t, p):
    return torch.as_tensor(mu_bar) / -torch.expm1(t * torch.log(torch.tensor(p)))


@derivative(bias_corrected_average, t=count, mu_bar=lambda rng: rng.standard_normal(3))
def divided_by_what_is_there(mu_bar, t, p):
    return mu_bar / weights(t, p).sum()


@pytest.mark.parametrize(("t", "p", "said"), [(0, 0.5, "t: "), (1, 1.0, "p: "), (1, -0.1, "p: ")])
def test_a_correction_that_divides_by_nothing_is_refused(t, p, said):
    with pytest.raises(ValueError, match=f"^{said}expected a number "):
        bias_corrected_average(np.ones(1), t, p)
    assert bias_corrected_average(np.ones(1), 1, 0) == 1
    assert inspect.signature(bias_corrected_average).parameters["p"].default == 0.9


@witness(average_window)
def test_average_window(p):
    age = torch.arange(4000)
    weight = (1 - p) * p**age
    return (weight * age).sum(), 1 / (weight**2).sum()


no_derivative(average_window, "a function of p alone, which is a setting")


@witness(average_window)
def test_average_window_as_a_series(p):
    powers = sum(p**k for k in range(1, 4000))
    return torch.tensor(powers), torch.tensor(1 + 2 * powers)


@pytest.mark.parametrize("p", [-0.1, 1.0])
def test_a_window_needs_a_weight_below_one(p):
    with pytest.raises(ValueError, match=rf"^p: expected a number from 0 to below 1, got {p}$"):
        average_window(p)
    assert average_window(0.0) == (0, 1)
    assert round(np.exp(-1), 3) == 0.368


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_weight_is_between_0_and_1(p):
    for update in (lambda: running_mean(0.0, 1.0, p), lambda: running_variance(0.0, 1.0, 2, p)):
        with pytest.raises(ValueError, match=rf"^p: expected a number from 0 to 1, got {p}$"):
            update()
    with pytest.raises(ValueError, match=rf"^momentum: expected a number from 0 to 1, got {p}$"):
        update_running_statistics(np.zeros(1), np.ones(1), np.ones((2, 1)), p)


def several(rng, scale, offset):
    """Batches of numbers, of vectors or of tables."""
    return scale * rng.standard_normal(rng.integers(2, 6, rng.integers(2, 5))) + offset


SEVERAL = {"z": several, "mu": lambda z: z.mean(axis=1), "var": lambda z: z.var(axis=1), "m": lambda z: z.shape[1]}


@witness(population_statistics, **SEVERAL)
def test_population_statistics(z):
    return torch.mean(z, dim=(0, 1)), torch.var(z, dim=1, correction=1).mean(dim=0)


@witness(population_statistics, by="torch.nn.BatchNorm1d", **SEVERAL)
def test_population_statistics_by_batch_norm(z):
    layer = torch.nn.BatchNorm1d(z[0, 0].numel(), momentum=None)
    for batch in z:
        layer.train()(batch.reshape(len(batch), -1))
    return layer.running_mean.reshape(z.shape[2:]), layer.running_var.reshape(z.shape[2:])


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
    with pytest.raises(ValueError, match=r"^m: expected a number of at least 2, got 1$"):
        population_statistics(np.ones((1, 1)), np.ones((1, 1)), 1)


def shards(rng, scale, offset):
    """Shards of one number and more, of vectors, of tables."""
    sizes = rng.integers(1, 4, rng.integers(3))
    return [scale * rng.standard_normal((m, *sizes)) + offset for m in rng.permutation([1, 2, 5, 9])]


SHARDS = {
    "z": shards,
    "m": lambda z: np.array([len(s) for s in z]),
    "mu": lambda z: np.stack([s.mean(axis=0) for s in z]),
    "var": lambda z: np.stack([s.var(axis=0) for s in z]),
}


@witness(merge_statistics, **SHARDS)
def test_merge_statistics(z):
    return torch.mean(torch.cat(z), dim=0), torch.var(torch.cat(z), dim=0, correction=0)


@witness(merge_statistics, by="sklearn.preprocessing.StandardScaler", **SHARDS)
def test_merge_statistics_as_scikit_learn_does_part_by_part(z):
    from sklearn.preprocessing import StandardScaler  # takes a second

    scaler = StandardScaler()
    for shard in z:
        scaler.partial_fit(shard.reshape(len(shard), -1).numpy())
    return scaler.mean_.reshape(z[0].shape[1:]), scaler.var_.reshape(z[0].shape[1:])


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
