"""The codes of rules: each is used, each is described in English and Vietnamese, and an archive holds no other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sqlite_utils import Database

from scraper.failures import REASONS
from scraper.model import Verdict
from scraper.reference import rows
from scraper.rule_codes import RuleCode
from scraper.store.archive import open_archive
from scraper.store.schema import APPLICATION_ID, migrations
from scraper.web.code_names import named
from scraper.web.languages import using
from tests.conftest import PROJECT, Place

# The columns that hold one code, with the kinds that it may have. A column of notes holds codes that spaces separate.
CODES = (
    ("articles", "published_rule", "field"),
    ("article_text", "body_rule", "field"),
    ("article_fields", "rule", "field"),
    ("article_fields", "rule_notes", "note"),
    ("date_readings", "rule", "field"),
    ("date_readings", "rule_notes", "note"),
    ("date_readings", "verdict", "verdict"),
    ("shared_dates", "rule", "field"),
    ("attachments", "rule", "field"),
    ("stories", "event_date_rule", "field"),
    ("captures", "encoding_rule", "encoding"),
    ("captures", "encoding_rule_notes", "note"),
    ("captures", "reason", "failure"),
    ("failures", "reason", "failure"),
    ("citations", "rule", "citation"),
)


def test_every_code_is_described_in_both_languages_and_every_described_code_exists() -> None:
    described = {kind: [row["code"] for row in rows("rules") if row["kind"] == kind] for kind in ("field", "note", "encoding", "verdict")}
    assert sorted(described["field"] + described["note"] + described["encoding"]) == sorted(RuleCode)
    assert sorted(described["verdict"]) == sorted(Verdict)
    assert all(row["name_en"] and row["name_vi"] for row in rows("rules"))
    codes = [row["code"] for row in rows("rules")]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", code) for code in codes)


def test_every_code_is_used_by_a_module() -> None:
    modules = [path for path in (PROJECT / "scraper").rglob("*.py") if path.name != "rule_codes.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in modules)
    assert set(re.findall(r"RuleCode\.([A-Z_]+)", code)) == set(RuleCode.__members__)
    assert {reason for reason in REASONS if f'"{reason}"' not in code} == set()
    assert set(re.findall(r"Verdict\.([A-Z_]+)", code)) == set(Verdict.__members__)


def test_what_the_pages_show_as_codes_has_a_name_in_both_languages() -> None:
    labels = {(row["list"], row["code"]) for row in rows("labels")}
    assert len(labels) == len(rows("labels"))
    assert all(row["name_en"] and row["name_vi"] for row in rows("labels"))
    assert {code for codes, code in labels if codes == "failure"} == set(REASONS)
    assert named("failure", "not-found") == "không tìm thấy"
    with using("en"):
        assert named("failure", "not-found") == "not found"


def test_the_fields_of_an_archive_have_names(sample: Place) -> None:
    fields = {str(field) for (field,) in sample.rows("select distinct field from article_fields")}
    runs = sample.rows("select distinct command, outcome from runs")
    shown = [("field", field) for field in fields] + [("command", one) for one, _ in runs] + [("run outcome", one) for _, one in runs]
    assert {(codes, code) for codes, code in shown if named(codes, str(code)) == code} == set()


@pytest.mark.parametrize(("table", "column", "kind"), CODES)
def test_an_archive_holds_only_described_codes(sample: Place, table: str, column: str, kind: str) -> None:
    described = {code for (code,) in sample.rows("select code from rules where kind = ?", kind)}
    stored = {
        code for (value,) in sample.rows(f"select distinct {column} from {table} where {column} is not null") for code in str(value).split()
    }
    assert stored <= described


def test_reparse_replaces_the_sentences_of_an_earlier_version(sample: Place, tmp_path: Path) -> None:
    place = Place(tmp_path)
    shutil.copy(sample.archive, place.archive)
    shutil.copytree(sample.captures, place.captures)
    database = Database(place.archive)
    with database.conn:
        database.execute("update article_fields set rule = 'liferay/view-content: .assetPublishDate', rule_parameter = null")
        database.execute("update date_readings set rule = 'liferay/view-content: .assetPublishDate', rule_parameter = null")
        database.execute("update articles set published_rule = 'liferay/view-content: .assetPublishDate'")
        database.execute("insert into rules values ('no-longer-used', null, '', '', 'field')")
        database.execute("pragma user_version = 1")  # as if the data files had changed since
    database.close()
    place.scrapy("reparse", "sample-ha-noi", "--write")
    where = "where article_id in (select id from articles where source_id = 'sample-ha-noi') order by 1, 2"
    for table, columns in (("article_fields", "article_id, field, rule, rule_parameter"), ("date_readings", "article_id, position, rule")):
        assert place.rows(f"select {columns} from {table} {where}") == sample.rows(f"select {columns} from {table} {where}")
    assert place.rows("select * from rules order by code") == sample.rows("select * from rules order by code")


def test_an_archive_of_an_earlier_version_keeps_its_verdicts_and_outcomes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    database = Database(path)
    database.execute(f"pragma application_id = {APPLICATION_ID}")
    migrations.apply(database, stop_before="m006_codes_of_rules")
    database.execute("pragma foreign_keys = off")
    with database.conn:
        database.execute(
            "insert into sources (id, name, unit_id, site, hosts) values ('so-mau', 'Sở Mẫu', 'ca-mau', 'http://so.test', '[]')"
        )
        database.execute(
            "insert into captures (source_id, url, captured_at, status, digest, warc_file, warc_offset, outcome)"
            " values ('so-mau', 'http://so.test/', '2020-01-01', 200, '', '', 0, 'refused: soft-404'),"
            " ('so-mau', 'http://so.test/1', '2020-01-01', 200, '', '', 0, 'article')"
        )
        database.execute(
            "insert into date_readings (article_id, position, text, value, precision, rule, verdict) values"
            " (1, 1, '', '', 'day', 'liferay/view-content: .date', 'refused: before 1997'), (1, 2, '', '', 'day', 'text', 'agrees')"
        )
    database.close()
    migrated = open_archive(path)
    assert list(migrated.execute("select outcome, reason from captures order by id")) == [("refused", "soft-404"), ("article", None)]
    assert list(migrated.execute("select verdict from date_readings order by position")) == [("too-early",), ("agrees",)]
