"""The engine parses every entry of the grammar and of the reference tables as the example of the entry states."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from scraper.citations import find, normalise_number, reference_documents
from scraper.citations.forms.number_shapes import flags_of, shape_of, shapes
from scraper.citations.grammar.loader import grammar, grammar_data
from scraper.citations.grammar.word_groups import FILES, word_groups
from scraper.citations.issuers.issuer_codes import issuer_of_code
from scraper.model import Mention
from scraper.reference import rows
from scraper.text import place_tone
from tests.citations.scoring import unmarked
from tests.conftest import PROJECT

GRAMMAR = PROJECT / "scraper/citations/grammar"


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((GRAMMAR / f"{name}.toml").read_text(encoding="utf-8"))


def _only(text: str) -> Mention:
    """Returns the only citation of a sentence around an example. The whole example must be the citation."""
    sentence = f"Sở đã triển khai thực hiện {text} trên địa bàn."
    found = find(sentence)
    assert [mention.text for mention in found] == [text]
    return found[0]


@pytest.mark.parametrize("noun", [entry["noun"] for entry in _data("types")["type"]])
def test_each_document_type(noun: str) -> None:
    kind = grammar().types[noun]
    assert kind.examples
    for example in kind.examples:
        assert _only(example).doc_type == kind.becomes


def _sentences() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Returns the sentences of the groups of words, each with the name of its group and the fields of its citations."""
    for file in FILES:
        for name, group in word_groups(file).items():
            assert group.examples, f"{file}.toml: [{name}] has no examples"
            fields = {key: value for key in ("issuer", "issued_on", "title") if (value := getattr(group, key)) is not None}
            for sentence in (*group.examples, *group.counter_examples):
                for word in group.words if "{}" in sentence else ("",):
                    wanted = {key: value.replace("{}", word) for key, value in fields.items()} if sentence in group.examples else {}
                    yield f"{file}.{name}", sentence.replace("{}", word), wanted


def _wrong() -> Iterator[tuple[str, str, list[dict[str, str]]]]:
    for name, marked, fields in _sentences():
        text, spans = unmarked(marked)
        found = find(text)
        got = [{"text": one.text} | {key: getattr(one, key) or "" for key in fields} for one in found]
        if got != [{"text": text[start:end]} | fields for start, end in spans]:
            yield name, marked, got


def test_each_sentence_of_a_group_of_words() -> None:
    assert list(_wrong()) == []


@pytest.mark.parametrize("name", ["Hooke", "Moore", "Zipf", "Coulomb", "Ohm", "Kepler", "Murphy", "Newton", "Linus", "Faraday", "Boyle"])
def test_a_law_of_nature_is_recognised_by_a_name_that_cannot_be_vietnamese(name: str) -> None:
    assert find(f"Theo Luật {name}, kết quả tăng dần.") == () == find(f"Theo luật {name} thì kết quả tăng dần.")


def test_the_law_of_a_country_whose_name_cannot_be_vietnamese() -> None:
    for country in ("Brazil", "Kazakhstan", "Cộng hòa Pháp", "nước Cộng hòa Belarus"):
        assert find(f"Doanh nghiệp cần hiểu Luật Đầu tư của {country} khi xuất khẩu.") == ()


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: str(shape.id))
def test_each_shape_of_a_number(shape: Any) -> None:
    for example in shape.examples:
        mention = _only(example)
        assert mention.number is not None
        assert shape_of(mention.number) is shape
        assert "unusual-shape" not in mention.flags
        assert "out-of-time" not in mention.flags


def test_numbers_of_no_shape_or_out_of_their_time_are_kept_and_flagged() -> None:
    assert flags_of("12/2009/7", None) == ("unusual-shape",)
    assert flags_of("66.7/2019/NQ-CP", 2019) == ("out-of-time",)
    [mention] = find("Thực hiện Nghị quyết số 66.7/2019/NQ-CP của Chính phủ")
    assert (mention.number, mention.flags) == ("66.7/2019/NQ-CP", ("out-of-time",))


@pytest.mark.parametrize("entry", _data("bodies")["code"], ids=lambda entry: str(entry["code"]))
def test_each_code_of_a_body(entry: dict[str, Any]) -> None:
    for example in entry["examples"]:
        mention = _only(example)
        assert mention.number is not None
        assert entry["code"] in mention.number.replace("/", "-").split("-")[1:]


def test_papers_that_are_no_documents() -> None:
    for example in _data("words")["not_documents"]["examples"]:
        assert find(f"Công ty được cấp {example} để hoạt động.") == ()


def test_misspelt_nouns_are_the_nouns_that_they_stand_for() -> None:
    for wrong, right in grammar().spellings.items():
        [mention] = find(f"Căn cứ {wrong} số 12/2019/NĐ-CP của Chính phủ")
        assert mention.doc_type == grammar().types[right].becomes


def test_what_each_relation_is_called() -> None:
    for entry in _data("relations")["relation"]:
        for example in entry["examples"]:
            [mention] = find(example)
            assert (mention.relation, example) == (entry["relation"], example)


@pytest.mark.parametrize("table", ["documents_core", "documents_codified"])
def test_every_number_of_the_reference_tables(table: str) -> None:
    names = {row["type_id"]: row["name_vi"].lower() for row in rows("document_types")}
    nouns = sorted(grammar().types, key=len, reverse=True)
    wrong = []
    for row in rows(table):
        name = (row.get("type_vi") or names[row["type_id"]]).lower()
        noun = next((noun for noun in nouns if name.startswith(noun)), None)
        if noun is None:
            assert name == "giấy phép"  # a licence is a known paper, but no document that is cited
            continue
        day = "/".join(reversed(row["issued_on"].split("-"))) if row["issued_on"] else None
        text = f"Căn cứ {noun} số {row['number']}{f' ngày {day}' if day else ''} về việc thi hành;"
        found = find(text)
        wanted = (normalise_number(row["number"]), grammar().types[noun].becomes, row["issued_on"] or None)
        got = [(one.number, one.doc_type, one.issued_on) for one in found]
        if got != [wanted]:
            wrong.append((text, got))
    assert wrong == []


def test_every_law_by_its_name() -> None:
    wrong = []
    for document in reference_documents():
        if document.title and document.doc_type in ("luật", "bộ luật", "pháp lệnh") and document.year:
            if re.search(r" số \d+/", document.title):
                continue  # the name has the number of the amended law, which is a numbered citation
            name = document.title if str(document.year) in document.title else f"{document.title} năm {document.year}"
            found = find(f"Theo quy định của {name} thì cơ quan phải công khai.")
            if [(one.text, one.doc_type, one.year) for one in found] != [(name, document.doc_type, document.year)]:
                wrong.append((name, [one.text for one in found]))
    assert wrong == []


def test_every_ministry_is_known_by_its_code() -> None:
    for row in rows("issuers"):
        if row["level"] == "ministry" and "/" not in row["code"]:
            issuer = issuer_of_code([normalise_number(f"1/{row['code']}")[2:]], "thông tư")
            assert issuer is not None, row["code"]


def test_no_name_of_a_statute_is_written_twice() -> None:
    """laws.toml holds only names that laws.csv lacks, each once."""
    names = [place_tone(name).lower() for name in grammar_data("laws")["names"]]
    assert len(names) == len(set(names))
    assert set(names) & {place_tone(name).lower() for name in grammar().law_names} == set()
