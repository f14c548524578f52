"""Both protocols give the same table; selections are made at the service; dots and blanks are what they are."""

import json

import pandas as pd
import pytest

from bayesmodel.errors import ChangedTableError, UnknownTableError
from bayesmodel.sources import Selection, Service, TableMetadata, open_table
from bayesmodel.sources.odata import cell, rows_of
from bayesmodel.sources.odata_v4 import TableV4
from bayesmodel.sources.table_metadata import Category, Column, camel, stem_of
from benchmarks.sources.local_cbs import LocalCbs

WIJKEN = Selection(codes={"Vormen": ("T001203",), "Perioden": ("2017JJ00",)}, prefixes={"Wijken": ("WK",)})


def rows(remote, selection):
    """All rows, over all pages."""
    found, url = [], remote.first(selection)
    while url is not None:
        page = remote.page(url, len(found))
        found, url = found + page.rows, page.following
    return found


def whole(remote, selection=WIJKEN):
    return remote.wide(rows(remote, selection), selection)


def stems(frame, remote):
    """A frame with the stems of its columns, which are alike in both protocols, and without dots."""
    titles = {column.name: stem_of(column.title) for column in remote.metadata.columns}
    return frame.rename(columns=titles).replace(".", "")


@pytest.mark.parametrize("page", [7, 60, 10_000])
def test_both_protocols_give_the_same_table_on_pages_of_any_size(tables, page):
    with LocalCbs(tables.values(), page=page) as server:
        old, new = (open_table("83782NED", Service(), version, server.url) for version in ("v3", "v4"))
        pd.testing.assert_frame_equal(stems(whole(old), old), stems(whole(new), new))
        assert old.count(WIJKEN) == len(whole(old)) == 60


def test_pages_without_links_are_asked_for_by_number(tables, protocol, monkeypatch):
    monkeypatch.setattr("bayesmodel.sources.odata.FULL_PAGE", 10)
    with LocalCbs(tables.values(), page=10, links=False) as server:
        remote = open_table("83782NED", Service(), protocol, server.url)
        assert len(whole(remote)) == 60
    assert any("$skip=20" in asked for asked in server.asked)


def test_a_table_that_is_in_both_comes_from_the_newer(server, tables):
    assert open_table("83782NED", url=server.url).protocol == "OData v4"
    with LocalCbs(tables.values(), ("v3",)) as old:
        assert open_table("83782NED", url=old.url).protocol == "OData v3"


@pytest.mark.parametrize("odd", ["99999NED", "../secret", "a b?c"])
def test_a_table_that_is_nowhere_is_said_to_be_so(server, odd):
    with pytest.raises(UnknownTableError, match="85984NED"):
        open_table(odd, url=server.url)


def test_the_selection_is_made_at_the_service(server, protocol):
    remote = open_table("83765NED", Service(), protocol, server.url)
    column = remote.metadata.find("AantalInwoners").name
    selection = Selection(prefixes={"WijkenEnBuurten": ("WK",)}, columns=(column,))
    found = rows(remote, selection)
    assert len(found) == 60
    assert all("WK" in str(row["WijkenEnBuurten"]) for row in found)
    assert list(remote.wide(found, selection).columns) == ["WijkenEnBuurten", column]


def test_a_selection_too_long_for_an_address_is_made_here(server, protocol, monkeypatch):
    remote = open_table("83765NED", Service(), protocol, server.url)
    columns = tuple(column.name for column in remote.metadata.topics)[:3]
    selection = Selection(prefixes={"WijkenEnBuurten": ("WK",)}, columns=columns)
    short = whole(remote, selection)
    for name in ("odata_v3", "odata_v4"):
        monkeypatch.setattr(f"bayesmodel.sources.{name}.LONGEST", 10)
    assert len(remote.first(selection)) < 250
    pd.testing.assert_frame_equal(whole(remote, selection), short)


def test_padded_keys_are_stripped_and_asked_for_as_they_are(server):
    remote = open_table("83782NED", Service(), "v3", server.url)
    assert {len(each.key) for each in remote.metadata.categories["Vormen"]} == {10}
    assert "Vormen eq 'T001203   '" in remote.first(WIJKEN).replace("%20", " ")
    assert set(whole(remote)["Wijken"].str.len()) == {8}


def test_a_dot_and_a_blank_stay_apart_where_the_service_has_both(tables):
    secret = tables["counts"].with_cells({}, "")
    with LocalCbs([secret]) as server:
        untyped = open_table(secret.table, Service(), "v3", server.url)
        column = untyped.metadata.find("TotaalJongerenMetJeugdzorgInNatura").name
        dots = whole(untyped)[column] == "."
        assert untyped.tells_hidden
    with LocalCbs([secret], untyped=False) as server:
        typed = open_table(secret.table, Service(), "v3", server.url)
        blank = whole(typed)[column] == ""
        assert not typed.tells_hidden
    assert dots.any()
    assert dots.equals(blank)


def test_an_area_of_which_nothing_is_shown_does_not_disappear(tables, protocol):
    """In v4 secret cells are left out: a wijk of which all cells are secret has no observation at all."""
    table = tables["counts"]
    index = next(
        n for n, row in enumerate(table.rows) if row["Wijken"].startswith("WK") and row["Perioden"] == "2017JJ00"
    )
    gone = {(index, topic.key): None for topic in table.topics}
    with LocalCbs([table.with_cells(gone, "")]) as server:
        frame = whole(open_table(table.table, Service(), protocol, server.url))
    assert len(frame) == 60
    assert table.rows[index]["Wijken"] in set(frame["Wijken"])


def test_what_a_service_says_of_a_value_that_is_not_there_is_kept(tables):
    with LocalCbs(tables.values()) as server:
        remote = open_table("83782NED", Service(), "v4", server.url)
    row = {"Measure": "M001", "Wijken": "WK010000", "Vormen": "T001203", "Perioden": "2017JJ00", "Value": None}
    frame = remote.wide([{**row, "ValueAttribute": "Confidential"}], WIJKEN)
    assert frame.iloc[0]["TotaalJongerenMetJeugdzorgInNatura_M001"] == "Confidential"


def test_provisional_periods_are_kept_and_said(server, protocol):
    metadata = open_table("86204NED", Service(), protocol, server.url).metadata
    assert metadata.provisional == ("2025*", "2025 1e halfjaar*")
    assert open_table("83782NED", Service(), protocol, server.url).metadata.provisional == ()


def test_metadata_survive_being_written(server, protocol):
    metadata = open_table("83765NED", Service(), protocol, server.url).metadata
    assert TableMetadata.from_json(metadata.to_json()) == metadata
    assert len(metadata.topics) == 22


def test_a_selection_of_what_is_not_there_is_refused_in_one_message(server, protocol):
    metadata = open_table("83782NED", Service(), protocol, server.url).metadata
    odd = Selection({"Vormen": ("T00120X",), "Vorm": ("T1",)}, {"Wijk": ("WK",)}, ("TotaalJongeren_1",))
    with pytest.raises(ChangedTableError) as caught:
        odd.check(metadata)
    text = str(caught.value)
    assert all(
        word in text for word in ("T00120X", "T001203", "dimension Vorm.", "dimension Wijk.", "TotaalJongeren_1")
    )


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(codes={"A": ("x'y", "z")}), "(A eq 'x''y' or A eq 'z')"),
        (Selection(prefixes={"A": ("WK", "GM")}), "(startswith(A,'WK') or startswith(A,'GM'))"),
        (Selection(), ""),
    ],
)
def test_conditions_are_written_as_odata_has_them(selection, said):
    assert selection.where() == said


@pytest.mark.parametrize("key", ["JongerenMetJeugdzorgInNatura_84", "JongerenMetJeugdzorgInNatura_M000352_2"])
def test_a_column_is_found_whatever_number_it_has(key):
    metadata = TableMetadata("1NED", "", columns=(Column(key, key, "Jongeren met jeugdzorg in natura"),))
    assert metadata.find("JongerenMetJeugdzorgInNatura").name == key
    assert metadata.find("Jongeren met jeugdzorg in natura").name == key
    assert metadata.find("Jongeren") is None


def test_a_name_that_is_cut_off_is_found_and_a_short_one_is_not_taken_for_it():
    long = Column("TotaalJongerenMetJeugdzorgInNatur_1", "", "")
    metadata = TableMetadata("1NED", "", columns=(long, Column("Totaal_2", "", "")))
    assert metadata.find("TotaalJongerenMetJeugdzorgInNatura") is long
    assert metadata.find("TotaalAnders") is None


def test_a_name_that_several_columns_have_needs_their_group():
    twice = tuple(
        Column(f"Nederland_{n}", "", "Nederland", group=group) for n, group in enumerate(("Herkomst", "Geboren"))
    )
    metadata = TableMetadata("1NED", "", columns=twice)
    assert metadata.find("Nederland", "Geboren") is twice[1]
    with pytest.raises(ChangedTableError, match="Nederland_0, Nederland_1"):
        metadata.find("Nederland")


def test_all_columns_that_are_gone_are_named_at_once():
    metadata = TableMetadata("1NED", "Zorg", columns=(Column("Inwoners_1", "", "Inwoners"),))
    with pytest.raises(ChangedTableError) as caught:
        metadata.need({"people": ("AantalInwoners",), "count": ("Jeugdzorg", "Jeugdhulp"), "there": ("Inwoners",)})
    assert str(caught.value).count("\n- ") == 2
    assert "Jeugdzorg or Jeugdhulp" in str(caught.value)


def test_the_real_metadata_of_2024_are_read(shared_data, tmp_path):
    """172 properties of KWB 2024 as the service gave them: names, groups, and the stems that the registry looks for."""
    folder = shared_data / "cbs_odata_samples"
    properties = json.loads((folder / "85984NED_kwb2024_DataProperties.json").read_text("utf-8"))
    about = json.loads((folder / "85984NED_kwb2024_TableInfos.json").read_text("utf-8"))

    class Sample:
        def json(self, url):
            part = url.partition("?")[0].rsplit("/", 1)[1]
            return {"value": {"DataProperties": properties, "TableInfos": about}.get(part, [])}

    metadata = open_table("85984NED", Sample(), "v3").metadata
    assert (len(metadata.topics), metadata.dimensions) == (128, ("WijkenEnBuurten",))
    assert metadata.find("AantalInwoners").name == "AantalInwoners_5"
    assert metadata.find("JongerenMetJeugdzorgInNatura").name == "JongerenMetJeugdzorgInNatura_98"
    assert metadata.find("BuitenEuropa", "Herkomstland").name == "BuitenEuropa_19"
    titles = [(column.name, stem_of(camel(column.title))) for column in metadata.topics]
    cut = [name for name, stem in titles if not stem.startswith(stem_of(name)[:20])]
    assert cut == []


def test_real_rows_with_padded_keys_and_right_aligned_figures_are_read(shared_data):
    """3,533 rows of a table of RIVM as the service delivered them."""
    path = shared_data / "cbs_odata_samples" / "50090NED_rivm_gezondheid_2016_wijk_gemeente.csv"
    real = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict(orient="records")
    dimensions = ("Leeftijd", "Marges", "WijkenEnBuurten", "Perioden")
    properties = [{"Key": key, "Title": key, "Type": "Dimension" if key in dimensions else "Topic"} for key in real[0]]

    class Sample:
        def json(self, url):
            part = url.partition("?")[0].rsplit("/", 1)[1]
            return {"value": {"DataProperties": properties, "TableInfos": [{}]}.get(part, [])}

    frame = open_table("50090NED", Sample(), "v3").wide(real, Selection())
    assert len(frame) == 3533
    assert any(row["WijkenEnBuurten"].endswith(" ") for row in real)
    assert frame["WijkenEnBuurten"].str.fullmatch(r"NL01|GM\d{4}|WK\d{6}").all()
    assert frame["WekelijkseSporters_6"].str.fullmatch(r"\d+\.\d|\.?").all()


def test_cells_and_rows():
    assert [cell(each) for each in (None, 3.0, 3.5, "  . ", 0, "")] == ["", "3", "3.5", ".", "0", ""]
    assert rows_of({"value": [{}]}, "") == [{}]
    assert Category("a", "2021*", "a").provisional
    assert TableV4.protocol == "OData v4"
