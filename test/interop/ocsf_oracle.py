"""Judges findings with the published OCSF schemas. Input: a JSON list of events. Output: for each event the problems by schema version."""
import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

# From the version that the findings name to the newest that the package holds.
VERSIONS = ["1.5.0", "1.6.0", "1.7.0", "1.8.0"]


def validator(version: str, profiles: list[str]) -> Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version)).get_class_schema(class_name="detection_finding", profiles=profiles)
    return Draft202012Validator(schema)


def main() -> None:
    events = json.load(sys.stdin)
    validators = {version: validator(version, ["cloud", "security_control"]) for version in VERSIONS}
    answer = [
        {
            version: [f"{'/'.join(str(part) for part in error.path)}: {error.message[:200]}" for error in judge.iter_errors(event)]
            for version, judge in validators.items()
        }
        for event in events
    ]
    json.dump(answer, sys.stdout)


main()
