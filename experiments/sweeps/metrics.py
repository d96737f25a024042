"""DEVELOPMENT FAKE of the engine, to be replaced."""
from __future__ import annotations
import os, time
import numpy as np
from ...model.schema import get_value, stack

def values_of(scenarios, setting, replication, seed, metrics):
    s = stack(scenarios, setting)
    n = len(setting)
    time.sleep(float(os.environ.get("FAKE_FIXED", "0.05")) + n * float(os.environ.get("FAKE_RUN", "0.0001")))
    level = np.broadcast_to(np.asarray(get_value(s, "warehouses.W.policy.level"), float), (n,))
    from hashlib import sha256
    u = np.array([int.from_bytes(sha256(f"{seed}:{r}".encode()).digest()[:6], "big") / 2**48 for r in replication])
    bad = os.environ.get("FAKE_FAIL")
    if bad and (replication == int(bad)).any():
        raise ArithmeticError(f"replication {bad} cannot be run")
    return {"cost": level * 2.0 + 10 * u, "fill_rate": np.where(u > 0.9, np.nan, u / (1 + level))}

def known_metrics(scenario):
    return ["cost", "fill_rate"]
