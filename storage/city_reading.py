"""The files of a city pack read entry by entry; what cannot be read becomes a sentence, and reading goes on."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError
from pydantic_core import ErrorDetails

from domain.entries import Entry, Lat, Lon
from domain.geo import Ring, Shape

type Row = Mapping[str, Any]

PHRASES: Mapping[tuple[str, str], str] = {
    ("string_pattern_mismatch", "phone"): "'{input}' is not a telephone number",
    ("string_pattern_mismatch", "refer_to"): "'{input}' is not a telephone number",
    ("string_pattern_mismatch", "slug"): "'{input}' is not a slug (small Latin letters, digits, - and _)",
    ("string_pattern_mismatch", "code"): "'{input}' is not a code (small Latin letters, digits, - and _)",
    ("string_pattern_mismatch", "title"): "'{input}' does not hold {{district}}, the name of the district",
    ("union_tag_invalid", ""): "the geometry is a {tag}, not one of {expected_tags}",
    ("union_tag_not_found", ""): "the geometry has no type",
    ("model_attributes_type", ""): "it is '{input}' where a table is needed",
    ("model_type", ""): "it is '{input}' where a table is needed",
    ("missing", ""): "'{key}' is missing",
    ("extra_forbidden", ""): "'{key}' is not a known key",
}


class Point(BaseModel):
    """The geometry of a GeoJSON point: longitude, then latitude."""

    model_config = ConfigDict(frozen=True)

    type: Literal["Point"]
    coordinates: tuple[Lon, Lat]


class Polygon(BaseModel):
    """The geometry of a GeoJSON polygon."""

    model_config = ConfigDict(frozen=True)

    type: Literal["Polygon"]
    coordinates: tuple[Ring, ...]

    @property
    def shape(self) -> Shape:
        """The polygon as a multipolygon of one."""
        return (self.coordinates,)


class MultiPolygon(BaseModel):
    """The geometry of a GeoJSON multipolygon."""

    model_config = ConfigDict(frozen=True)

    type: Literal["MultiPolygon"]
    coordinates: Shape

    @property
    def shape(self) -> Shape:
        """The polygons."""
        return self.coordinates


class Geometry(RootModel[Annotated[Point | Polygon | MultiPolygon, Field(discriminator="type")]]):
    """Where a feature lies."""


AREAS: tuple[type[Polygon | MultiPolygon], ...] = (Polygon, MultiPolygon)


class PackReader:
    """Reads one pack's folder and keeps `problems`, one sentence for each thing that is wrong."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.folder = folder
        self.problems: list[str] = []

    def wrong(self, file: str, entry: str, what: str) -> None:
        """Note a problem: the file, the entry in it (may be empty) and what is wrong."""
        self.problems.append(f"{file}{', ' if entry else ''}{entry}: {what}.")

    def toml(self, file: str, keys: Iterable[str]) -> dict[str, Any]:
        """Return a TOML file's tables; a table that is not among `keys` is a problem."""
        content = self._content(file, tomllib.loads)
        known = set(keys)
        for key in content:
            if key not in known:
                self.wrong(file, "", f"'{key}' is not a known key")
        return {key: value for key, value in content.items() if key in known}

    def json(self, file: str) -> dict[str, Any]:
        """Return a JSON file's object."""
        return self._content(file, json.loads)

    def table[T: BaseModel](self, model: type[T], row: Any, file: str, entry: str) -> T | None:
        """Return one table as its model, or None when it has problems."""
        try:
            return model.model_validate(row)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self.wrong(file, entry, _sentence(detail))
            return None

    def rows[T: Entry](self, model: type[T], rows: Any, file: str, kind: str) -> list[T]:
        """Return the good rows of a list; a row is called by its slug, code or name, else by its place."""
        if not isinstance(rows, list):
            self.wrong(file, "", f"the list of entries '{kind}' is missing")
            return []
        made = (self.table(model, row, file, called(kind, row, n)) for n, row in enumerate(rows, 1))
        return [entry for entry in made if entry is not None]

    def features(self, file: str) -> list[Row]:
        """Return the features of a GeoJSON collection."""
        features = self.json(file).get("features", [])
        good = isinstance(features, list) and all(isinstance(feature, dict) for feature in features)
        if not good or not features:
            self.wrong(file, "", "there are no GeoJSON features in it")
        return features if good else []

    def areas(self, file: str) -> list[tuple[Row, Shape]]:
        """Return the properties and the shape of each feature, which must be a polygon or several."""
        found = self._placed(file, AREAS)
        return [(properties, area.shape) for properties, area in found]

    def points(self, file: str) -> list[Row]:
        """Return the properties of each feature, which must be a point, with its `lat` and `lon` in degrees."""
        found = self._placed(file, (Point,))
        return [{**properties, "lon": point.coordinates[0], "lat": point.coordinates[1]} for properties, point in found]

    def _placed[G](self, file: str, kinds: tuple[type[G], ...]) -> Iterator[tuple[Row, G]]:
        for n, feature in enumerate(self.features(file), 1):
            given = feature.get("properties")
            properties = given if isinstance(given, dict) else {}
            entry = called("feature", properties, n)
            geometry = self.table(Geometry, feature.get("geometry"), file, entry)
            if geometry and isinstance(geometry.root, kinds):
                yield properties, geometry.root
            elif geometry:
                self.wrong(file, entry, f"a {geometry.root.type} is out of place in this layer")

    def _content(self, file: str, parse: Callable[[str], Any]) -> dict[str, Any]:
        try:
            content = parse((self.folder / file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.wrong(file, "", "the file does not exist")
        except (OSError, ValueError) as error:  # both parsers raise kinds of ValueError
            self.wrong(file, "", f"the file cannot be read ({error})")
        else:
            if isinstance(content, dict):
                return content
            self.wrong(file, "", "the file does not hold one object")
        return {}


def called(kind: str, row: Any, n: int) -> str:
    """Return how a problem calls a row: by its slug, code or name, else by its place in the list."""
    names = (row.get(key) for key in ("slug", "code", "name")) if isinstance(row, dict) else iter(())
    name = next((name for name in names if isinstance(name, str)), None)
    return f"{kind} {n}" if name is None else f"{kind} '{name}'"


def _sentence(detail: ErrorDetails) -> str:
    path = [str(part) for part in detail["loc"]]
    key, value = ".".join(path) or "entry", str(detail["input"])[:60]
    field = path[0] if path else ""
    phrase = PHRASES.get((detail["type"], field)) or PHRASES.get((detail["type"], ""))
    message = detail["msg"]
    if phrase is None:
        return f"'{key}' is '{value}', but {message[:1].lower()}{message[1:]}"
    return phrase.format(**{**detail.get("ctx", {}), "key": key, "input": value})
