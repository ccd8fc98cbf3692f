"""Distances and insides against figures that can be checked by hand."""

from math import inf, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.geo import (
    EARTH_RADIUS_M,
    Position,
    Ring,
    Shape,
    bounds,
    closed,
    distance_m,
    distance_to_m,
    inside,
)

SQUARE: Ring = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))
HOLE: Ring = ((1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0), (1.0, 1.0))
ISLAND: Ring = ((10.0, 10.0), (12.0, 10.0), (11.0, 12.0), (10.0, 10.0))
SHAPE: Shape = ((SQUARE, HOLE), (ISLAND,))

positions = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))


def test_a_degree_of_latitude_is_the_radius_times_its_angle() -> None:
    degree = EARTH_RADIUS_M * pi / 180
    assert distance_m(Position(36, 59), Position(37, 59)) == pytest.approx(degree)


def test_from_the_shrine_in_mashhad_to_the_one_in_qom() -> None:
    mashhad, qom = Position(36.2880, 59.6157), Position(34.6416, 50.8790)
    assert distance_m(mashhad, qom) == pytest.approx(813_000, abs=3_000)


def test_antipodes_are_half_a_turn_apart() -> None:
    assert distance_m(Position(30, 20), Position(-30, -160)) == pytest.approx(pi * EARTH_RADIUS_M)


@given(positions, positions)
def test_distance_is_the_same_there_and_back(a: Position, b: Position) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), abs=1e-6)
    assert 0 <= distance_m(a, b) <= pi * EARTH_RADIUS_M + 1


@given(positions)
def test_nothing_is_away_from_itself(a: Position) -> None:
    assert distance_m(a, a) == 0


@given(positions, positions, positions)
def test_a_detour_is_never_shorter(a: Position, b: Position, c: Position) -> None:
    # Near antipodes the haversine loses digits: a metre of slack for twenty thousand kilometres.
    assert distance_m(a, c) <= distance_m(a, b) + distance_m(b, c) + 1


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        (0.5, 0.5, True),
        (2, 2, False),  # in the hole
        (2, 0.5, True),  # between hole and edge
        (2, 3.5, True),
        (2, 5, False),
        (2, -1, False),  # the ray passes two outer and two inner edges
        (1, -1, False),  # the ray runs along an edge of the hole
        (0, -1, False),  # the ray runs along an edge of the square
        (4, -1, False),
        (10.5, 11, True),  # the second polygon
        (11, 10.1, False),
        (12, 5, False),  # the ray touches only the top of the triangle
    ],
)
def test_inside_of_a_square_with_a_hole_and_an_island(lat: float, lon: float, expected: bool) -> None:
    assert inside(SHAPE, lat, lon) is expected


@given(st.floats(-2, 6), st.floats(-2, 6))
def test_inside_of_a_square_is_a_comparison(lat: float, lon: float) -> None:
    assert inside(((SQUARE,),), lat, lon) == (0 <= lat < 4 and 0 <= lon < 4)


def test_the_direction_of_drawing_does_not_matter() -> None:
    assert inside(((tuple(reversed(SQUARE)),),), 1, 1)


def test_a_point_on_a_shared_edge_belongs_to_one_of_the_neighbours() -> None:
    west: Ring = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    east: Ring = ((1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 0.0))
    assert [inside(((ring,),), 0.5, 1.0) for ring in (west, east)] == [False, True]


def test_distance_to_a_shape() -> None:
    assert distance_to_m(SHAPE, 0.5, 0.5) == 0
    assert distance_to_m((), 0.5, 0.5) == inf
    beside = distance_to_m(((SQUARE,),), 2, 4.01)
    assert beside == pytest.approx(distance_m(Position(2, 4.01), Position(2, 4)), rel=1e-3)
    in_the_corner = distance_to_m(((SQUARE,),), 4.01, 4.01)
    assert in_the_corner == pytest.approx(distance_m(Position(4.01, 4.01), Position(4, 4)), rel=1e-3)


def test_in_a_hole_the_edge_of_the_hole_is_the_nearest() -> None:
    assert distance_to_m(SHAPE, 2, 2.9) == pytest.approx(distance_m(Position(2, 2.9), Position(2, 3)), rel=1e-3)


def test_closed_rings_and_bounds() -> None:
    assert closed(SQUARE)
    assert not closed(SQUARE[:-1])
    assert not closed(((0.0, 0.0), (1.0, 1.0), (0.0, 0.0)))
    assert bounds(SHAPE) == (Position(0, 0), Position(12, 12))
