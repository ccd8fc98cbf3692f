"""Positions on the earth, distances between them and the inside of drawn shapes."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, degrees, hypot, inf, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1 of the IUGG

type Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) in degrees as in GeoJSON; its last point repeats the first."""

type Shape = tuple[tuple[Ring, ...], ...]
"""A multipolygon: polygons, each an outer ring followed by its holes."""


@dataclass(frozen=True, slots=True)
class Position:
    """A point on the earth: latitude and longitude in degrees (WGS 84)."""

    lat: float
    lon: float


def distance_m(a: Position, b: Position) -> float:
    """Return the great-circle distance in metres by the haversine formula."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    across = sin((lat_b - lat_a) / 2) ** 2
    along = sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(across + cos(lat_a) * cos(lat_b) * along)))


def box(middle: Position, metres: float) -> tuple[Position, Position]:
    """Return the south-western and north-eastern corner of a square with so many metres to each side of its middle."""
    up = degrees(metres / EARTH_RADIUS_M)
    side = up / max(0.01, cos(radians(middle.lat)))
    return Position(middle.lat - up, middle.lon - side), Position(middle.lat + up, middle.lon + side)


def inside(shape: Shape, lat: float, lon: float) -> bool:
    """Tell whether a point lies inside any polygon of the shape and in none of that polygon's holes."""
    return any(_in_polygon(polygon, lat, lon) for polygon in shape)


def distance_to_m(shape: Shape, lat: float, lon: float) -> float:
    """Return the metres from a point to a shape's nearest edge, 0 inside and infinity for an empty shape.

    The earth is taken as flat around the point, which is good to a thousandth within some ten kilometres.
    """
    if inside(shape, lat, lon):
        return 0.0
    east, north = radians(1) * EARTH_RADIUS_M * cos(radians(lat)), radians(1) * EARTH_RADIUS_M
    edges = (edge for polygon in shape for ring in polygon for edge in pairwise(ring))
    flat = (
        ((lon_1 - lon) * east, (lat_1 - lat) * north, (lon_2 - lon) * east, (lat_2 - lat) * north)
        for (lon_1, lat_1), (lon_2, lat_2) in edges
    )
    return min((_origin_to_segment(*segment) for segment in flat), default=inf)


def closed(ring: Ring) -> bool:
    """Tell whether a ring has at least three corners and ends where it began."""
    return len(ring) >= 4 and ring[0] == ring[-1]


def bounds(shape: Shape) -> tuple[Position, Position]:
    """Return the south-western and the north-eastern corner of a shape that is not empty."""
    points = [point for polygon in shape for ring in polygon for point in ring]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return Position(min(lats), min(lons)), Position(max(lats), max(lons))


def _in_polygon(polygon: Iterable[Ring], lat: float, lon: float) -> bool:
    # Even-odd over all rings at once: a hole is crossed once more than the outer ring alone.
    crossings = sum(_crossings(ring, lat, lon) for ring in polygon)
    return crossings % 2 == 1


def _crossings(ring: Ring, lat: float, lon: float) -> int:
    """Count the edges that a ray to the east meets; an edge owns its southern end only."""
    return sum(
        (lat_1 > lat) != (lat_2 > lat) and lon < lon_1 + (lat - lat_1) / (lat_2 - lat_1) * (lon_2 - lon_1)
        for (lon_1, lat_1), (lon_2, lat_2) in pairwise(ring)
    )


def _origin_to_segment(x_1: float, y_1: float, x_2: float, y_2: float) -> float:
    along_x, along_y = x_2 - x_1, y_2 - y_1
    square = along_x**2 + along_y**2
    share = 0.0 if square == 0 else -(x_1 * along_x + y_1 * along_y) / square
    share = min(1.0, max(0.0, share))
    return hypot(x_1 + share * along_x, y_1 + share * along_y)
