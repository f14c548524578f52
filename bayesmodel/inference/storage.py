"""A fit in one NetCDF file, and back again identical, with a seal that is checked before any library opens it.

Libraries in C read changed bytes as other numbers, end in an error of their own, or take the whole program down. The
seal is a digest after the last byte: NetCDF readers do not look beyond the end that the file states, so a sealed file
opens in all of them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from errno import ENOSPC
from io import StringIO
from os import strerror
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.data import AreaTable, Counts
from bayesmodel.data.codes import no_totals
from bayesmodel.data.remark import remark_from
from bayesmodel.data.suppression import exposed, suppression_from
from bayesmodel.errors import FitFileError, OutputError
from bayesmodel.files import not_a_file, shortened
from bayesmodel.inference.diagnostics import diagnostics_from
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.model.design import Design
from bayesmodel.model.priors import SPECIAL_SHARE
from bayesmodel.study import study_from

FORMAT = "bayesmodel fit 1"
LARGE = 2_000_000_000
"""Bytes of draws beyond which the file is not made in memory first."""
SPARE = 1.05
"""Bytes needed on the disk for each byte of draws."""


def save_fit(fit: Fit, path: str | Path) -> None:
    """Write a fit to one NetCDF file, whole or not at all.

    Groups ``posterior`` and ``sample_stats`` are those of ArviZ and open with any NetCDF reader; group ``bayesmodel``
    holds what `load_fit` needs to give back all the rest of the fit. A checksum stands behind the end of the NetCDF.

    Parameters
    ----------
    fit : Fit
    path : str or Path

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    path = Path(path)
    tree = xr.DataTree.from_dict({"bayesmodel": _content(fit)})
    for name in ("posterior", "sample_stats"):
        tree[name] = fit.tree[name].to_dataset()
    # HDF5 crashes when its disk is full: made in memory, or where that is too large, only after a look at the disk.
    # Draws hardly compress: 4 % for nine times the time.
    try:
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as scratch:
            draft = Path(scratch) / path.name
            if tree.nbytes > LARGE:
                _check_room(path.parent, tree.nbytes)
                tree.to_netcdf(draft, engine="h5netcdf")
            else:
                # a copy, as a view would still be held by the frames of a failure when its buffer goes
                draft.write_bytes(tree.to_netcdf(None, engine="h5netcdf").tobytes())
            seal(draft)
            draft.replace(path)
    except OSError as error:
        raise OutputError(
            _("The fit could not be written to {path}: {why}. Nothing was left behind.").format(
                path=path, why=error.strerror or error
            )
        ) from error


def load_fit(path: str | Path) -> Fit:
    """Load a fit that `save_fit` wrote; every estimate works from it without fitting again.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Fit

    Raises
    ------
    FitFileError
        There is no such file, it was changed since it was saved, or it is not a fit of this version of the format.

    Examples
    --------
    >>> from bayesmodel import load_fit
    >>> load_fit("results/fit.nc").diagnostics.converged  # doctest: +SKIP
    True
    """
    path = Path(path)
    if what := not_a_file(path):
        raise FitFileError(
            _(
                "There is no file {path}: {what}. A fit is written by `bayesmodel run`, as fit.nc in its results "
                "folder."
            ).format(path=shortened(path), what=what)
        )
    check_seal(path)
    try:
        tree = xr.open_datatree(path, engine="h5netcdf").load()
    except (OSError, ValueError, KeyError) as error:
        raise FitFileError(_("{path} is no NetCDF file ({why}).").format(path=path, why=error)) from None
    found = tree["bayesmodel"].attrs.get("format") if "bayesmodel" in tree.children else None
    if found != FORMAT:
        other = _("{path} is not a fit this version reads: expected {expected}, found {found}.")
        raise FitFileError(other.format(path=path, expected=repr(FORMAT), found=repr(found)))
    return _fit(tree)


def _check_room(folder: Path, size: int) -> None:
    """Refuse a disk without room for that many bytes."""
    if disk_usage(folder).free < SPARE * size:
        raise OSError(ENOSPC, strerror(ENOSPC))


def _content(fit: Fit) -> xr.Dataset:
    """Return everything but the draws as one dataset: numbers as arrays, tables with text as csv."""
    areas, counts, design = fit.counts.areas, fit.counts, fit.design
    arrays = {
        "lower": (("row",), counts.lower),
        "upper": (("row",), counts.upper),
        "population": (("row",), counts.population),
        "determinants": (("row", "column"), areas.determinants.to_numpy(float)),
        "x": (("row", "term"), design.x),
        "centre": (("term",), design.centre),
        "scale": (("term",), design.scale),
        "pattern": (("row",), design.pattern),
        "covariances": (("kind", "term", "other"), design.covariances),
    }
    if areas.highest is not None:
        arrays["highest"] = (("row", "column"), areas.highest.to_numpy(float))
    if areas.neighbours is not None:
        arrays["neighbours"] = (("pair", "end"), areas.neighbours)
    if counts.weights is not None:
        arrays["weights"] = (("row", "place"), counts.weights)
    texts = {
        "study": fit.study.model_dump_json(),
        "areas": pd.concat(
            [areas.names.rename("name"), areas.published.rename("published"), areas.levels], axis=1
        ).to_csv(),
        "status": "\n".join(counts.status.tolist()),
        "level_labels": json.dumps({name: labels.to_dict() for name, labels in areas.level_labels.items()}),
        "left_out": areas.left_out.to_csv(),
        "figures": areas.figures.to_csv(),
        "trail": json.dumps(counts.trail.to_dict("list")),
        "area_notes": json.dumps(areas.notes),
        "count_notes": json.dumps(counts.notes),
        "without_count": json.dumps(sorted(areas.without_count)),
        "area_totals": json.dumps(areas.totals.to_dict("list")),
        "suppression": json.dumps(areas.suppression and areas.suppression.plain()),
        "totals": json.dumps(counts.totals.to_dict("list")),
        "remarks": json.dumps([remark.plain() for remark in counts.remarks]),
        "verdict": json.dumps(asdict(fit.diagnostics)),
        "provenance": json.dumps(dict(fit.provenance)),
    }
    small = exposed(fit.counts)
    mark = _("NOT FOR PUBLICATION: holds {number} small counts as they are").format(number=small)
    marks = {"format": FORMAT} | ({"disclosure": mark} if small else {})
    return xr.Dataset(arrays | {name: ((), text) for name, text in texts.items()}, attrs=marks)


def _fit(tree: xr.DataTree) -> Fit:
    """Return the fit that a loaded file holds."""
    content = tree["bayesmodel"].to_dataset()
    text = {str(name): str(values.item()) for name, values in content.items() if values.ndim == 0}
    array = {str(name): values.to_numpy() for name, values in content.items() if values.ndim}
    said = json.loads(text["study"])
    if SPECIAL_SHARE not in tree["posterior"]:  # of a version in which every own effect had one part
        said["model"].setdefault("area_effect", "normal")
    said["model"].setdefault("overdispersion", 1.0)  # a fit of before overdispersion has none
    study = study_from(said, subject=_("The study in the fit"))
    table = _table(text["areas"])
    index = table.index.rename(study.area)
    table.index = index
    labels = {
        name: pd.Series(values, name=name).rename_axis(name)
        for name, values in json.loads(text["level_labels"]).items()
    }
    columns = list(study.determinant_names)
    areas = AreaTable(
        study=study,
        names=table["name"],
        levels=table[list(study.level_names)],
        level_labels=labels,
        published=table["published"],
        population=pd.Series(array["population"], index=index, name="population"),
        determinants=pd.DataFrame(array["determinants"], index=index, columns=columns),
        highest=pd.DataFrame(array["highest"], index, columns) if "highest" in array else None,
        left_out=_table(text["left_out"]),
        figures=_table(text["figures"]) if study.bounds.columns else pd.DataFrame(),
        notes=tuple(json.loads(text["area_notes"])),
        without_count=frozenset(json.loads(text.get("without_count", "[]"))),
        # a fit of before totals has none
        totals=pd.DataFrame(json.loads(text["area_totals"])) if "area_totals" in text else no_totals(),
        suppression=suppression_from(json.loads(text.get("suppression", "null"))),  # a fit of before has none
        neighbours=array.get("neighbours"),
    )
    status = np.array(text["status"].split("\n"))
    remarks = tuple(map(remark_from, json.loads(text.get("remarks", "[]"))))  # a fit of before remarks has none
    totals = pd.DataFrame(json.loads(text.get("totals", "{}")))
    notes = tuple(json.loads(text["count_notes"]))
    weights = array.get("weights")
    trail = pd.DataFrame(json.loads(text.get("trail", "{}")))  # a fit of before the trail has none
    counts = Counts(areas, array["lower"], array["upper"], status, notes, remarks, totals, weights, trail)
    if "spread" in array:  # a fit of before it was called scale
        array["scale"] = array["spread"]
    parts = {item.name: array[item.name] for item in fields(Design) if item.name not in ("names", "curved")}
    groups = {name: tree[name].to_dataset() for name in ("posterior", "sample_stats")}
    verdict: dict[str, Any] = json.loads(text["verdict"])
    design = Design(names=study.columns_of_design, curved=study.curved, **parts)
    return Fit(counts, design, xr.DataTree.from_dict(groups), diagnostics_from(verdict), json.loads(text["provenance"]))


def _table(text: str) -> pd.DataFrame:
    """Return a table of text from csv, empty cells as empty text."""
    return pd.read_csv(StringIO(text), index_col=0, dtype=str, keep_default_na=False)


MARK = b"\nbayesmodel sha256 "
"""What the seal begins with; the digest follows."""
SIZE = len(MARK) + hashlib.sha256().digest_size
HDF5 = b"\x89HDF\r\n\x1a\n"
"""First bytes of a NetCDF file."""


def seal(path: Path) -> None:
    """Add the digest of all bytes of a file behind them."""
    with path.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        file.seek(0, 2)
        file.write(MARK + digest)


def check_seal(path: Path) -> None:
    """Refuse a file whose bytes are not those that were sealed.

    Parameters
    ----------
    path : Path
        A file that is there.

    Raises
    ------
    FitFileError
        The file was changed or cut off since it was saved, it never had a seal, or it cannot be read.
    """
    try:
        sealed = _sealed(path)
    except OSError as error:
        raise FitFileError(_("{path} cannot be read ({why}).").format(path=path, why=error.strerror or error)) from None
    if sealed is None:
        other = _(
            "{path} has no checksum at its end: it was cut off, made by another program, or saved by a version of "
            "bayesmodel before the checksum. Take it from its source again, or fit again with `bayesmodel run` or "
            "`bayesmodel fit`."
        )
        raise FitFileError(other.format(path=path))
    if not sealed:
        changed = _(
            "{path} was changed since it was saved: its checksum does not fit its content, so its numbers may not be "
            "relied on. Take it from its source again, or fit again."
        )
        raise FitFileError(changed.format(path=path))


def _sealed(path: Path) -> bool | None:
    """Whether the seal fits the content; None where there is none."""
    with path.open("rb") as file:
        if file.read(len(HDF5)) != HDF5:
            raise FitFileError(_("{path} is no NetCDF file.").format(path=path))
        content = file.seek(0, 2) - SIZE
        if content < len(HDF5):
            return None
        file.seek(content)
        found = file.read(SIZE)
        if not found.startswith(MARK):
            return None
        file.seek(0)
        digest = hashlib.sha256()
        while content > 0 and (block := file.read(min(content, 1 << 20))):
            digest.update(block)
            content -= len(block)
        return found == MARK + digest.digest()
