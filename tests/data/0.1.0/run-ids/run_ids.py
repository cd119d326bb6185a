"""Computes the ids of runs from the description in ../README.md, without any code of Assay.

    python3 run_ids.py            computes every id of runs.json and of the old runs, and fails where one differs
    python3 run_ids.py --of spec.json STATE
                                  computes the digest of a run with this `spec.json` over a dataset in this state

An old run's spec is read as it stands in its `spec.json`, so the text that is hashed is the text that was written.
"""

import hashlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
# What may be spent and what is started beside is no part of a run's id.
LEFT_OUT = ("budget", "prices", "jobs", "online")


class Number(float):
    """A number that is written again as it was read."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __repr__(self):
        return self.text


def compact(value):
    """JSON without white space, members in the order in which they were read."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{compact(name)}:{compact(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return repr(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


def read(text):
    return json.loads(text, parse_float=Number, parse_int=Number)


def digest(bucket, key, state, spec):
    hashed = hashlib.sha256()
    text = compact({name: member for name, member in spec.items() if name not in LEFT_OUT})
    for part in (bucket, key, state or "", text):
        part = part.encode()
        hashed.update(len(part).to_bytes(8, "little") + part)
    return hashed.hexdigest()[:8]


def stamp(moment):
    """2026-11-23T04:05:06.789Z to 20261123T040506Z."""
    return moment[:19].replace("-", "").replace(":", "") + "Z"


def of_old_run(path, file):
    """The digest of the run whose `spec.json` lies at `path`. What the id names beside the dataset's own state depends on
    who began the run: the tool adds what was typed, a managed job adds the job. The id of a run whose job was started by
    others is made of the job's ARN alone."""
    dataset, state = file["dataset"], file["dataset"].get("state")
    if state is None:
        notes = [json.loads(note.read_text()) for note in (path.parents[3] / "jobs").glob("*.json")]
        arn = next(note["arn"] for note in notes if note["run"] == file["run"])
        return hashlib.sha256(arn.encode()).hexdigest()[:8]
    if "job" in file:
        state = f"{state}, job {compact(file['job'])}"
    elif dataset["bucket"] == "local":
        state = f'Some("{state}"), limit None, models [], recorded false'
    return digest(dataset["bucket"], dataset["key"], state, file["spec"])


def main():
    wrong = 0
    for run in json.loads((HERE / "runs.json").read_text()):
        spec = read((HERE / run["spec"]).read_text())
        expected = f"{stamp(run['written'])}-{digest(run['bucket'], run['key'], run.get('state'), spec)}"
        print(f"{run['what']}: {expected}")
        wrong += expected != run["id"]
    for path in sorted(HERE.parent.rglob("spec.json")):
        file = read(path.read_text())
        expected = of_old_run(path, file)
        print(f"{path.relative_to(HERE.parent)}: {expected}")
        wrong += not (file["run"] == path.parent.name and file["run"].endswith(f"-{expected}"))
    sys.exit(f"{wrong} ids differ" if wrong else 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--of"]:
        file = read(pathlib.Path(sys.argv[2]).read_text())
        print(digest(file["dataset"]["bucket"], file["dataset"]["key"], sys.argv[3], file["spec"]))
    else:
        main()
