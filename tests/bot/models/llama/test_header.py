"""Damaged model files are refused with a reason before native code reads them."""

import struct

import pytest

from bot.models.llama.header import BrokenModel, read_header, trained_context
from tests import gguf_maker


def refusal(tmp_path, raw):
    path = tmp_path / "some.gguf"
    path.write_bytes(raw)
    with pytest.raises(BrokenModel) as told:
        read_header(path)
    return str(told.value)


@pytest.fixture
def raw(models):
    return (models / "tiny.gguf").read_bytes()


def test_a_good_file_tells_its_values_and_tensors(models):
    header = read_header(models / "tiny.gguf")
    assert header.values["general.architecture"] == "llama"
    assert header.values["llama.block_count"] == 2
    assert header.values["tokenizer.ggml.tokens"] == 511
    assert "blk.1.ffn_down.weight" in header.tensors


def test_a_file_that_is_not_there_is_told_by_name(tmp_path):
    with pytest.raises(BrokenModel, match=r"The model none.gguf cannot be read: No such file"):
        read_header(tmp_path / "none.gguf")


def test_another_kind_of_file_is_refused(tmp_path):
    said = "The model some.gguf cannot be used: it is not a GGUF file."
    assert refusal(tmp_path, b"PK\3\4 and so on") == said


def test_an_empty_file_is_refused(tmp_path):
    assert "it ends within its header" in refusal(tmp_path, b"")


def test_a_download_that_was_cut_off_is_refused(raw, tmp_path):
    assert "it ends before its last weights do" in refusal(tmp_path, raw[:-100])
    assert "it ends within its header" in refusal(tmp_path, raw[:5000])


def test_another_version_is_refused(raw, tmp_path):
    said = refusal(tmp_path, raw[:4] + struct.pack("<I", 9) + raw[8:])
    assert "it is of GGUF version 9, and only 2 and 3 are known" in said


def test_absurd_counts_are_refused_without_reading_them(raw, tmp_path):
    said = refusal(tmp_path, raw[:8] + struct.pack("<Q", 1 << 60) + raw[16:])
    assert "it announces 1152921504606846976 parts where 1048576 are plenty" in said


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("llama.embedding_length", 0),
        ("llama.block_count", 0),
        ("llama.block_count", 1 << 20),
        ("llama.attention.layer_norm_rms_epsilon", float("nan")),
        ("llama.context_length", "many"),
    ],
)
def test_sizes_that_cannot_be_are_refused(key, given, tmp_path):
    path = tmp_path / "some.gguf"
    gguf_maker.write(path, {**gguf_maker.settings(gguf_maker.TINY), key: given}, iter(()))
    with pytest.raises(BrokenModel, match=f"its {key.removeprefix('llama.')} cannot be"):
        read_header(path)


def test_a_tensor_that_is_named_twice_is_refused(tmp_path):
    path = tmp_path / "some.gguf"
    tensor = gguf_maker.exact("a.weight", gguf_maker.np.ones(4))
    gguf_maker.write(path, gguf_maker.settings(gguf_maker.TINY), iter([tensor, tensor]))
    with pytest.raises(BrokenModel, match=r"it names a tensor badly: 'a.weight'"):
        read_header(path)


def test_the_trained_context_is_read_without_the_rest_of_the_header(raw, tmp_path):
    path = tmp_path / "some.gguf"
    path.write_bytes(raw[:600])
    assert trained_context(path) == 32768
    path.write_bytes(raw[:60])
    with pytest.raises(BrokenModel, match="it ends within its header"):
        trained_context(path)
