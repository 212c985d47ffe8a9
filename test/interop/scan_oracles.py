"""Asks the public scanners what they think of each file of a folder; prints JSON: file -> scanner -> flagged (true, false, null for no opinion)."""
import contextlib
import io
import json
import logging
import pathlib
import sys

from fickling.fickle import StackedPickle
from fickling.analysis import Severity, check_safety
from modelscan.modelscan import ModelScan
from picklescan.scanner import scan_file_path

logging.disable(logging.CRITICAL)


def picklescan_flags(path):
    result = scan_file_path(str(path))
    return None if result.scan_err else result.infected_files > 0


def modelscan_flags(path):
    scan = ModelScan()
    report = scan.scan(path)
    if not report["summary"]["scanned"]["total_scanned"]:
        return None
    return report["summary"]["total_issues"] > 0


def fickling_flags(path):
    with open(path, "rb") as file:
        pickles = StackedPickle.load(file)
    # LIKELY_UNSAFE is what it says of every import outside Python's own library, numpy's array constructor too.
    return any(check_safety(pickled).severity > Severity.LIKELY_UNSAFE for pickled in pickles)


ORACLES = {"picklescan": picklescan_flags, "modelscan": modelscan_flags, "fickling": fickling_flags}
PICKLES = (".pkl", ".pickle", ".joblib")

verdicts = {}
root = pathlib.Path(sys.argv[1])
for path in sorted(root.rglob("*")):
    if not path.is_file():
        continue
    verdicts[str(path.relative_to(root))] = row = {}
    for name, flags in ORACLES.items():
        if name == "fickling" and path.suffix not in PICKLES:
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                row[name] = flags(path)
        except Exception:  # a scanner that gives up on a hostile file has no opinion
            row[name] = None
print(json.dumps(verdicts))
