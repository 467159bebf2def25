import pytest
from hypothesis import given
from hypothesis import strategies as st

from ie.document import Document
from ie.errors import InputError
from training.sample import nested
from training.train import Plan, config_of


def group(prefix: str, size: int) -> list[Document]:
    return [Document(f"{prefix}-{number:03}", "Tổng số 12 ha") for number in range(size)]


GROUPS = [group("composed", 8), group("real", 24)]


def test_a_limit_takes_each_source_in_proportion() -> None:
    names = [document.name for document in nested(GROUPS, 8, seed=1)]
    assert sum(name.startswith("composed") for name in names) == 2
    assert len(set(names)) == 8


@given(st.integers(1, 32), st.integers(1, 32), st.integers(0, 5))
def test_the_smaller_part_is_in_the_larger(one: int, other: int, seed: int) -> None:
    small, large = ({d.name for d in nested(GROUPS, limit, seed=seed)} for limit in sorted((one, other)))
    assert small <= large
    assert len(small) == min(one, other)


def test_the_order_of_the_folder_and_the_hash_seed_change_nothing() -> None:
    turned = [list(reversed(documents)) for documents in GROUPS]
    assert nested(GROUPS, 9, seed=3) == nested(turned, 9, seed=3)


def test_seeds_take_other_documents() -> None:
    assert nested(GROUPS, 9, seed=3) != nested(GROUPS, 9, seed=4)


def test_without_a_limit_all_documents_come_in_their_order() -> None:
    assert nested(GROUPS, 0, seed=1) == [*GROUPS[0], *GROUPS[1]]


@pytest.mark.parametrize("limit", [-1, 33])
def test_a_limit_beyond_the_sources_is_refused_with_their_size(limit: int) -> None:
    with pytest.raises(InputError, match=rf"--limit {limit}: the sources hold 32 documents"):
        nested(GROUPS, limit, seed=0)


def test_the_config_carries_the_limit(tmp_path) -> None:
    plan = Plan(sources=("corpus:train",), dev=("corpus:dev",), out=tmp_path, init=None, limit=25)
    assert config_of(plan)["corpora"]["train"]["limit"] == 25
