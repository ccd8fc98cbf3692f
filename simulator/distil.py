"""Makes botapi.json, what the strict checks need, of a machine-readable Bot API.

    python -m simulator.distil botapi_spec.json

The source is https://github.com/PaulSonOfLars/telegram-bot-api-spec (MIT; the notice goes into the file). A field
becomes a line such as ``Integer|String!`` (``!``: required), ``Integer 1..100``, ``String =photo``.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from simulator.methods.table import NAMES, OLD_NAMES

TARGET = Path(__file__).with_name("botapi.json")
_SOURCE = "https://github.com/PaulSonOfLars/telegram-bot-api-spec"
_LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)(?! after entit)")
_ITEMS = re.compile(r"(\d+)-(\d+) (?:identifiers|items)")
_AT_MOST = re.compile(r"[Aa]t most (\d+) commands")
_RANGE = re.compile(r"between (\d+)(?:-| and )(\d+)|[,;] (\d+)-(\d+)")
_ONE = re.compile(r"must be ([a-z_]+)$")
_SEVERAL = re.compile(r"(?:Must be one of|must be one of|Currently, can be) (.*)")
_LONG = frozenset({"chat_id", "from_chat_id", "user_id", "id", "direct_messages_topic_id", "amount"})
_FREE = frozenset({"amount", "send_date"})  # ranges that depend on other fields


def _limit(field: dict[str, Any]) -> str:
    name, words = field["name"], field["description"]
    kinds = field["types"]
    if found := _LENGTH.search(words):
        return f" {found[1]}..{found[2]} {found[3]}"
    if found := _ITEMS.search(words):
        return f" {found[1]}..{found[2]} items"
    if found := _AT_MOST.search(words):
        return f" 0..{found[1]} items"
    if ({"Integer", "Float"} & set(kinds)) and name not in _FREE and (found := _RANGE.search(words)):
        return f" {found[1] or found[3]}..{found[2] or found[4]}"
    return _choice(kinds, words)


def _choice(kinds: list[str], words: str) -> str:
    if kinds != ["String"]:
        return ""
    if found := _ONE.search(words):
        return f" ={found[1]}"
    if found := _SEVERAL.search(words):
        return " =" + "|".join(re.findall(r'"([a-zA-Z_]+)"', found[1]))
    return ""


def _line(field: dict[str, Any]) -> str:
    kinds = "|".join("Long" if one == "Integer" and field["name"] in _LONG else one for one in field["types"])
    return kinds + ("!" if field["required"] else "") + _limit(field)


def _fields(of: dict[str, Any]) -> dict[str, str]:
    return {field["name"]: _line(field) for field in of.get("fields", ())}


def distilled(spec: dict[str, Any], licence: str) -> dict[str, Any]:
    """The parameters of the methods played, and every object that they are made of."""
    methods = {name: _fields(spec["methods"][OLD_NAMES.get(name, name)]) for name in sorted(NAMES.values())}
    types: dict[str, dict[str, str]] = {}
    unions: dict[str, list[str]] = {}
    queue = [line for fields in methods.values() for line in fields.values()]
    while queue:
        for name in re.findall(r"[A-Z]\w+", queue.pop()):
            found = spec["types"].get(name)
            if found is None or name in types or name in unions:
                continue
            if "subtypes" in found:
                unions[name] = found["subtypes"]
                queue.append("|".join(found["subtypes"]))
            else:
                types[name] = _fields(found)
                queue.extend(types[name].values())
    updates = [field["name"] for field in spec["types"]["Update"]["fields"] if field["name"] != "update_id"]
    about = {"source": _SOURCE, "version": spec["version"], "licence": licence}
    return about | {"updates": updates, "methods": methods, "types": types, "unions": unions}


def _written(table: dict[str, Any]) -> str:
    """JSON with a line for each method and type, so that a change of the API can be read in a diff."""
    out = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(value[name])}" for name in sorted(value))
            out.append(f"  {json.dumps(key)}: {{\n{rows}\n  }}")
        else:
            out.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(out) + "\n}\n"


def main() -> None:
    """Reads the file named on the command line and the LICENSE beside it."""
    source = Path(sys.argv[1])
    licence = source.with_name("LICENSE").read_text(encoding="utf-8")
    TARGET.write_text(_written(distilled(json.loads(source.read_text(encoding="utf-8")), licence)), encoding="utf-8")


if __name__ == "__main__":
    main()
