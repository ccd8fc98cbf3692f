"""What every row of a city pack is made of."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

type Urgency = Literal["low", "normal", "high", "urgent"]
type Jurisdiction = Literal["in", "shared", "out"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Phone = Annotated[str, StringConstraints(pattern=r"^(?:1\d{2,4}|0\d{10}|\+\d{8,15})$")]
Lat = Annotated[float, Field(ge=-90, le=90)]
Lon = Annotated[float, Field(ge=-180, le=180)]
Hours = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Days = Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]


class Entry(BaseModel):
    """A row of a city pack: it cannot be changed, and a key that nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
