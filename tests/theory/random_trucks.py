"""Random worlds in which carriers serve some of the lanes, and docks receive their trucks."""

from __future__ import annotations

from typing import Any

from .random_worlds import Draw, Spec, world


def truck_world(seed: int, sequence: str) -> Spec:
    """One of the random worlds with one or two carriers, docks, windows, and now and then another dated change."""
    found, draw = world(seed, sequence), Draw(seed + 5_000)
    for product in found["products"]:
        product["weight"] = draw.one(1.0, 0.5, 3.0)
    found["carriers"] = [carrier(draw, f"C{number}") for number in range(draw.one(1, 2))]
    for lane in found["lanes"]:
        if draw.often(0.7):
            lane["carrier"] = draw.one(*found["carriers"])["name"]
    serving = {lane.get("carrier") for lane in found["lanes"]}
    for idle in [spec for spec in found["carriers"] if spec["name"] not in serving]:
        idle_lane = draw.one(*[lane for lane in found["lanes"] if "carrier" not in lane] or found["lanes"])
        idle_lane["carrier"] = idle["name"]
    used = {lane.get("carrier") for lane in found["lanes"]}
    found["carriers"] = [spec for spec in found["carriers"] if spec["name"] in used]
    add_docks(draw, found)
    if draw.often(0.5):
        found.setdefault("interventions", []).append(intervention(draw, found["carriers"][0]))
    return found


def add_docks(draw: Draw, found: Spec) -> None:
    """Docks at most of the sites that trucks come to."""
    trucked = {lane["to"] for lane in found["lanes"] if "carrier" in lane}
    for kind in ("factories", "warehouses"):
        for site in found.get(kind, []):
            if site["name"] in trucked and draw.often(0.75):
                equip(draw, site, window=kind == "warehouses")


def carrier(draw: Draw, name: str) -> Spec:
    """A fleet and its rule of dispatch."""
    fleet: Spec = {"capacity": draw.amount(3, 20), "load_by": draw.one("units", "units", "weight")}
    if draw.often(0.7):
        fleet |= {"trucks": float(draw.one(1, 2, 4, 8)), "period_cost": draw.amount(0, 3)}
    if draw.often(0.5):
        fleet["return_time"] = draw.one(0, 1, 3)
    found: Spec = {"name": name, "fleet": fleet, "dispatch": dispatch(draw), "detention_cost": draw.amount(0, 5)}
    if draw.often(0.3):
        found["calendar"] = {"pattern": draw.one([1, 1, 0], [1, 1, 1, 1, 1, 0, 0]), "phase": draw.one(0, 1, 5)}
    for key in ("tariff", "costs"):
        found[key] = draw.one(
            {"departure": draw.amount(1, 9)}, {"unit": draw.amount(1, 3), "minimum": draw.amount(1, 9)}
        )
    if draw.often(0.4):
        found["tariff"] |= {"brackets": [{"from_load": 2.1, "price": 2.0}, {"from_load": 6.1, "price": 1.0}]}
    return found


def dispatch(draw: Draw) -> Spec:
    """By load and age, or by timetable."""
    if draw.often(0.25):
        return {"every": draw.one(1, 2, 3), "phase": draw.one(0, 1, 4)}
    rule: Spec = {"threshold": draw.one(1.0, 0.51, 0.0, 0.87)}
    return rule | ({"longest_wait": draw.one(0, 1, 2, 3, 6)} if draw.often(0.6) else {})


def equip(draw: Draw, site: Spec, window: bool) -> None:
    """An inbound dock, and perhaps a receiving window."""
    drawn: Any = {"type": "choice", "values": [1, 2, 3]}
    doors = {"doors": draw.one(1, 2, 3), "time": draw.one(1, 2, 3, drawn)}
    site["docks"] = {"inbound": draw.one(doors, doors, {"slots": draw.one(1, 2, 5)})}
    if window and draw.often(0.3):
        site["receiving_window"] = {"calendar": {"pattern": draw.one([1, 0], [1, 1, 0, 0, 1]), "phase": draw.one(0, 1)}}


def intervention(draw: Draw, spec: Spec) -> Spec:
    """A dated change of a carrier's fleet, rule or tariff."""
    place = f"carriers.{spec['name']}"
    keys: dict[str, float] = {f"{place}.detention_cost": 2.5}
    if "threshold" in spec["dispatch"]:
        keys[f"{place}.dispatch.threshold"] = 0.33
    if "trucks" in spec["fleet"]:
        keys[f"{place}.fleet.trucks"] = float(draw.one(1, 3, 9))
    change: Spec = {"at": draw.one(5, 12), "set": keys}
    return change | ({"until": 20} if draw.often(0.5) else {})
