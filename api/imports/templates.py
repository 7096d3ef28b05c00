"""What columns each kind of file has."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Type = Literal["text", "id", "ids", "date", "period", "year", "decimal", "enum", "bool"]

ALLOWED: dict[Type, str] = {
    "text": "text of up to 2,000 characters",
    "id": "an id: up to 80 letters A-Z, digits, dots, dashes, underscores; a letter or digit first",
    "ids": "ids divided by blanks, commas or semicolons",
    "date": "a date, the year first: 2025-03-01, 2025/3/1 or 2025年3月1日",
    "period": "a month or a quarter: 2025-04 or 2025-Q2",
    "year": "a year: 2025",
    "decimal": "a number, up to 15 digits and 10 decimals, no unit, no thousands separator: 93.5 or 93.5%",
    "enum": "one of the words listed",
    "bool": "yes or no (是, 否)",
}


class Words(NamedTuple):
    """How people see a thing, in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    """A column: the field it fills, its header in both languages, and what its cells may hold.

    `choices` are the ids an `enum` may have, each with its words; a cell may hold the id or either word.
    """

    field: str
    type: Type
    header: Words
    meaning: Words
    required: bool = True
    choices: Mapping[str, Words] = dataclasses.field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.header.zh} ({self.header.en})"

    @property
    def allowed(self) -> str:
        """What a cell of this column may hold, for the person who filled it in."""
        if not self.choices:
            return ALLOWED[self.type]
        return "one of " + ", ".join(f"{choice} ({w.zh}, {w.en})" for choice, w in self.choices.items())

    def is_headed(self, header: str) -> bool:
        """Whether a header means this column: in either language or both, whatever its case and blanks."""
        names = (self.field, self.header.zh, self.header.en, self.title)
        return normalised(header) in {normalised(name) for name in names}


@dataclass(frozen=True)
class Template:
    """One kind of file: its name, what a worksheet of it is called, and its columns."""

    kind: str
    name: Words
    columns: tuple[Column, ...]

    def narrowed(self, choices: Mapping[str, Mapping[str, Words]]) -> Template:
        """The same with only these `choices`, by field: e.g. the unit kinds of the charter in force."""
        columns = (
            dataclasses.replace(column, type="enum", choices=choices[column.field])
            if column.field in choices
            else column
            for column in self.columns
        )
        return dataclasses.replace(self, columns=tuple(columns))


def normalised(text: str) -> str:
    """For comparing headers and words: full-width as half-width, lower case, no blanks, no underscores."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text).casefold())


def kind_named(name: str, templates: Mapping[str, Template]) -> str | None:
    """The kind that the name of a worksheet or file names, alone or among other words (`readings-2025`).

    None if it names no kind, or several.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = {normalised(name), *re.split(r"[^a-z\u4e00-\u9fff]+", plain)}
    named = [kind for kind, t in templates.items() if words & {kind, *map(normalised, t.name)}]
    return named[0] if len(named) == 1 else None


def _id(field: str, zh: str, en: str, example: str) -> Column:
    return Column(field, "id", Words(zh, en), Words(f"如 {example}", f"For instance {example}"))


def _kind(field: str, zh: str, en: str) -> Column:
    """A column whose words are the charter's; `narrowed` makes choices of them."""
    return Column(field, "id", Words(zh, en), Words("章程中的类别", "A kind of the charter"))


def _text(field: str, zh: str, en: str, *, required: bool = True) -> Column:
    meaning = Words("文字", "Any text") if required else Words("文字，可空", "Any text; may be blank")
    return Column(field, "text", Words(zh, en), meaning, required)


def _sealed(field: str, zh: str, en: str, *, required: bool = True) -> Column:
    return Column(field, "text", Words(zh, en), Words("加密保存", "Kept sealed"), required)


def _whose(field: str, zh: str, en: str) -> Column:
    """A column of which a row fills one: whose the honour is."""
    meaning = Words("四者填其一：荣誉属于谁", "Whose it is: one of the four is filled in")
    return Column(field, "id", Words(zh, en), meaning, required=False)


_EFFECTIVE = Column("effective", "date", Words("生效日期", "effective"), Words("自该日起生效", "Holds from then on"))
_PERSON = _id("person", "人员编号", "person id", "P001")
_POST = _id("post", "岗位编号", "post id", "G3-H07")
_UNIT = _id("unit", "单位编号", "unit id", "G3")
_INDICATOR = _id("indicator", "指标编号", "indicator id", "I07")
_PARENT = Column("parent", "id", Words("上级单位", "parent"), Words("最上级留空", "Blank at the top"), required=False)
_OVERSEES = Column(
    "oversees",
    "ids",
    Words("分管单位", "oversees"),
    Words("分管的其他单位编号，以空格或分号分隔", "Ids of the other units the post answers for"),
    required=False,
)
_REGISTERED = Column("registered", "date", Words("入职日期", "registered"), Words("到本单位之日", "The day of joining"))
_APPOINTMENT_KIND = Column(
    "kind",
    "enum",
    Words("任职方式", "kind"),
    Words("怎样任职", "How the post is held"),
    choices={
        "substantive": Words("任职", "substantive"),
        "acting": Words("代理", "acting"),
        "concurrent": Words("兼任", "concurrent"),
        "seconded": Words("借调", "seconded"),
    },
)
_UNTIL = Column(
    "until",
    "date",
    Words("截止日期", "until"),
    Words("不再任职的第一天，可空", "The first day the post is no longer held; may be blank"),
    required=False,
)
_YEAR = Column("year", "year", Words("年度", "year"), Words("如 2025", "For instance 2025"))
_TARGET = Column("target", "decimal", Words("目标值", "target"), Words("按指标的计量单位", "In the indicator's unit"))
_PERIOD = Column("period", "period", Words("期间", "period"), Words("月或季度", "A month or a quarter"))
_VALUE = Column("value", "decimal", Words("填报值", "value"), Words("按指标的计量单位", "In the indicator's unit"))
_REPORTED_ON = Column(
    "reported_on", "date", Words("填报日期", "reported on"), Words("填报之日", "The day of reporting")
)

_TEMPLATES = (
    Template(
        "units",
        Words("单位", "units"),
        (
            _UNIT,
            _kind("kind", "单位类别", "kind"),
            _text("name_zh", "中文名称", "name in Chinese", required=False),
            _text("name_en", "英文名称", "name in English", required=False),
            _PARENT,
            _EFFECTIVE,
        ),
    ),
    Template(
        "posts",
        Words("岗位", "posts"),
        (
            _POST,
            _kind("kind", "岗位类别", "kind"),
            _UNIT,
            _text("title_zh", "中文职务", "title in Chinese", required=False),
            _text("title_en", "英文职务", "title in English", required=False),
            _OVERSEES,
            _EFFECTIVE,
        ),
    ),
    Template(
        "grids",
        Words("网格", "grids"),
        (
            _id("grid", "网格编号", "grid id", "GRID3"),
            _id("department", "部门", "department", "G3"),
            _id("group", "小组", "group", "PG3"),
            _EFFECTIVE,
        ),
    ),
    Template(
        "roster",
        Words("人员", "roster"),
        (
            _PERSON,
            _kind("class", "人员类别", "class"),
            _sealed("name", "姓名", "name"),
            _sealed("phone", "电话", "phone", required=False),
            _sealed("number", "工号", "number", required=False),
            _REGISTERED,
        ),
    ),
    Template(
        "memberships",
        Words("成员", "memberships"),
        (_PERSON, _UNIT, _kind("kind", "成员类别", "kind"), _EFFECTIVE),
    ),
    Template(
        "appointments",
        Words("任职", "appointments"),
        (_PERSON, _POST, _APPOINTMENT_KIND, _EFFECTIVE, _UNTIL),
    ),
    Template(
        "targets",
        Words("目标", "targets"),
        (_INDICATOR, _UNIT, _YEAR, _TARGET, _EFFECTIVE),
    ),
    Template(
        "readings",
        Words("填报", "readings"),
        (_INDICATOR, _UNIT, _PERIOD, _VALUE, _REPORTED_ON, _text("note", "备注", "note", required=False)),
    ),
    Template(
        "honours",
        Words("荣誉", "honours"),
        (
            _id("honour", "荣誉编号", "honour id", "H-2019-01"),
            _whose("person", "人员编号", "person id"),
            _whose("unit", "单位编号", "unit id"),
            _whose("brand", "品牌编号", "brand id"),
            _whose("case_team", "办案组编号", "case team id"),
            _kind("level", "级别", "level"),
            _text("title", "荣誉名称", "title"),
            _text("issuer", "授予单位", "issuer"),
            _id("matter", "事由编号", "matter", "CASE-7"),
            _text("evidence", "依据", "evidence"),
            Column(
                "conferred_on", "date", Words("授予日期", "conferred on"), Words("授予之日", "The day of the honour")
            ),
        ),
    ),
)

TEMPLATES: Mapping[str, Template] = {template.kind: template for template in _TEMPLATES}
"""Every kind of file, in the order in which they must be imported: what others refer to comes first."""
