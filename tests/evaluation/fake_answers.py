"""Made-up answers for the cases: the gold one in the shape that `sayso analyse` prints, and ways to spoil it.

Every way is a function of an answer and a seeded generator, so an answer is known by its name and seed alone. Stands by
itself (only PyYAML): what is under test takes no part in making what it is tested with.
"""

import copy
import functools
import random

import yaml


@functools.cache
def read_cases(folder):
    """The cases in `folder` as plain YAML, in order of file name; read once, so nobody may change them."""
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]


def perfect(cases):
    """The gold answer; a side that is no country is printed as its first alias."""
    answer = {"statements": [], "agreements": [], "contradictions": [], "reversals": []}
    for case in cases:
        texts = {article["id"]: article["text"] for article in case["articles"]}
        aliases = case.get("aliases") or {}

        def printed(side, aliases=aliases):
            return aliases[side][0] if aliases.get(side) else side

        places = {}
        for said in case["statements"] or []:
            pieces = [said["evidence"]] if isinstance(said["evidence"], str) else said["evidence"]
            start = texts[said["article"]].index(pieces[0])
            places.setdefault((said["agreement"], said["side"]), []).append(len(answer["statements"]))
            answer["statements"].append({
                "article": f"{case['id']}/{said['article']}", "side": printed(said["side"]), "speaker": said["speaker"],
                "stance": said["stance"], "agreement": f"{case['id']}#{said['agreement']}",
                "evidence": {"start": start, "end": start + len(pieces[0]), "text": pieces[0]},
            })
        for item in case["agreements"] or []:
            answer["agreements"].append({"id": f"{case['id']}#{item['id']}", "label": item["id"], "kind": item["kind"],
                                         "parties": item["parties"]})
        for pair in case["contradictions"] or []:
            told = [places[pair["agreement"], side][0] for side in pair["sides"]]
            answer["contradictions"].append({"agreement": f"{case['id']}#{pair['agreement']}",
                                             "sides": [printed(side) for side in pair["sides"]], "statements": told})
        for turn in case.get("reversals") or []:
            told = places[turn["agreement"], turn["side"]]
            answer["reversals"].append({"agreement": f"{case['id']}#{turn['agreement']}", "side": printed(turn["side"]),
                                        "statements": told[:2]})
    return answer


def dropped(answer, rng):
    answer["statements"] = [said for said in answer["statements"] if rng.random() < 0.7]


def without_findings(answer, rng):
    for kind in ("contradictions", "reversals"):
        answer[kind] = [found for found in answer[kind] if rng.random() < 0.5]


def shuffled(answer, rng):
    rng.shuffle(answer["statements"])
    rng.shuffle(answer["contradictions"])


def shifted(answer, rng):
    for said in answer["statements"]:
        by = rng.choice([0, 0, 0, -400, -90, -20, -3, 3, 20, 90, 400])
        said["evidence"]["start"] = max(0, said["evidence"]["start"] + by)
        said["evidence"]["end"] = max(said["evidence"]["start"] + 1, said["evidence"]["end"] + by)


def stretched(answer, rng):
    for said in answer["statements"]:
        said["evidence"]["start"] = max(0, said["evidence"]["start"] - rng.randrange(0, 200))
        said["evidence"]["end"] += rng.randrange(0, 200)


def other_sides(answer, rng):
    sides = sorted({said["side"] for said in answer["statements"]})
    for said in answer["statements"]:
        if rng.random() < 0.3:
            said["side"] = rng.choice([*sides, None, "Nobody Ever", said["side"].upper(), f"  {said['side'].title()} "])


def other_stances(answer, rng):
    for said in answer["statements"]:
        if rng.random() < 0.4:
            said["stance"] = rng.choice(["confirms", "denies", "rejects", "negotiating", "withdraws", "no_comment", "shrugs"])


def said_twice(answer, rng):
    for said in list(answer["statements"]):
        if rng.random() < 0.4:
            again = copy.deepcopy(said)
            again["agreement"] = rng.choice([said["agreement"], "another"])
            answer["statements"].insert(rng.randrange(len(answer["statements"])), again)


def from_titles(answer, rng):
    for said in answer["statements"]:
        chance = rng.random()
        if chance < 0.25:
            said["evidence"] = {"start": None, "end": None, "text": "in the title"}
        elif chance < 0.35:
            said["evidence"] = None
    for said in list(answer["statements"])[::5]:
        answer["statements"].append({**copy.deepcopy(said), "side": "XX", "evidence": {"start": None, "end": None, "text": ""}})


def merged(answer, rng):
    names = sorted({said["agreement"] for said in answer["statements"]})
    into = {name: rng.choice(names[:5]) if rng.random() < 0.5 else name for name in names}
    for item in (*answer["statements"], *answer["contradictions"], *answer["reversals"]):
        item["agreement"] = into.get(item["agreement"], item["agreement"])


def split(answer, rng):
    for said in answer["statements"]:
        said["agreement"] += f"/{rng.randrange(2)}"
    for kind in ("contradictions", "reversals"):
        answer[kind] = [{**copy.deepcopy(found), "agreement": f"{found['agreement']}/{half}"}
                        for found in answer[kind] for half in range(2)]


def other_speakers(answer, rng):
    for said in answer["statements"]:
        said["speaker"] = rng.choice([
            said["speaker"], said["speaker"].upper(), said["speaker"].split()[-1], said["speaker"][:3], "he", "", None,
            "the US Department of State", "Ministère des Affaires étrangères",
        ])


def strangers(answer, rng):
    articles = sorted({said["article"] for said in answer["statements"]})
    for index in range(len(articles)):
        start = rng.randrange(0, 2500)
        answer["statements"].append({
            "article": rng.choice([*articles, "no-case/a1"]), "side": rng.choice(["US", "GB", "Nobody"]), "speaker": "Somebody",
            "stance": rng.choice(["confirms", "denies", "negotiating"]), "agreement": f"strange{index % 7}",
            "evidence": {"start": start, "end": start + rng.randrange(1, 120), "text": ""},
        })


def strange_findings(answer, rng):
    names = [said["agreement"] for said in answer["statements"]] + ["nowhere"]
    sides = sorted({str(said["side"]) for said in answer["statements"]})
    for found in list(answer["contradictions"]):
        if rng.random() < 0.5:
            answer["contradictions"].append({**found, "sides": found["sides"][::-1]})
        if rng.random() < 0.5:
            answer["contradictions"].append({**found, "agreement": rng.choice(names)})
    for _ in range(len(names) // 6):
        one, two = rng.choice(sides), rng.choice(sides)
        answer["contradictions"].append({"agreement": rng.choice(names), "sides": [one, two], "statements": []})
        answer["reversals"].append({"agreement": rng.choice(names), "side": rng.choice(sides), "statements": []})


def nothing(answer, rng):
    del rng
    for key in answer:
        answer[key] = []


def everything(answer, rng):
    for spoil in (dropped, other_sides, other_stances, said_twice, shifted, stretched, from_titles, other_speakers, split, merged,
                  strangers, strange_findings, without_findings, shuffled):
        if answer["statements"]:
            spoil(answer, rng)


def untouched(answer, rng):
    del answer, rng


SPOILT = {spoil.__name__: spoil for spoil in (
    untouched, dropped, without_findings, shuffled, shifted, stretched, other_sides, other_stances, said_twice, from_titles,
    merged, split, other_speakers, strangers, strange_findings, nothing, everything)}
"""Every way to spoil the gold answer, by name."""


def answer_for(name, seed, cases):
    """The gold answer for `cases`, spoilt by the way called `name`; the same cases and seed give the same answer."""
    answer = perfect(cases)
    if answer["statements"]:
        SPOILT[name](answer, random.Random(f"{name} {seed} {' '.join(case['id'] for case in cases)}"))
    return answer


def reader(name, seed, cases):
    """A stand-in for the reader: answers for the articles it is given, one case or many."""
    by_id = {case["id"]: case for case in cases}

    def analyse(lines):
        asked = {line["id"].split("/")[0] for line in lines}
        return answer_for(name, seed, [case for id_, case in by_id.items() if id_ in asked])

    return analyse
