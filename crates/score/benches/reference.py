"""The programs that define the scores, timed over pairs read from standard input.

One JSON object {"response", "reference", "label", "labels"} a line. Prints {"measured": {scorer: {"program", "pairs",
"pairs_per_second", "mean"}}, "missing": {library: reason}}. Libraries are the originals and are used if they can be
imported; where the original is a few lines of Python, or hangs on much else, its definition is expressed here in plain
Python and called so. Each is timed over as many pairs, from the first, as take it a little less than half a second, in slices of about two
milliseconds; of every slice the fastest round counts, which other work on the machine disturbs least.
"""

import collections
import importlib.metadata
import json
import platform
import re
import string
import sys
import time

ARTICLES = {"a", "an", "the"}


def relevance(pair):
    expected = set(pair["reference"].lower().split())
    return len(expected & set(pair["response"].lower().split())) / len(expected) if expected else 0.0


def normal_form(text):
    # Character by character, as fmeval does; str.translate would be about three times as fast.
    plain = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(word for word in plain.split(" ") if word and word not in ARTICLES)


def best_of_targets(score):
    return lambda pair: max(score(pair["response"], target) for target in pair["reference"].split("<OR>"))


def words_of(score):
    def of_texts(response, target):
        output, expected = (set(normal_form(text.strip()).split()) for text in (response, target))
        return score(len(output), len(expected), len(output & expected))

    return best_of_targets(of_texts)


def harmonic_mean(output, expected, shared):
    return 1.0 / (0.5 / (shared / output) + 0.5 / (shared / expected)) if shared else 0.0


def contains_quasi(response, target):
    return float(normal_form(target.strip()) in normal_form(response.strip()))


def every_target(score):
    return lambda pair: min(score(pair["response"], target) for target in pair["reference"].split("<AND>"))


def contains(response, target):
    return float(target.lower() in response.lower())


def squad_form(text):
    plain = "".join(letter for letter in text.lower() if letter not in SQUAD_PUNCTUATION)
    return " ".join(SQUAD_ARTICLES.sub(" ", plain).split())


SQUAD_PUNCTUATION = set(string.punctuation)
SQUAD_ARTICLES = re.compile(r"\b(a|an|the)\b")


def squad_exact_match(pair):
    return float(squad_form(pair["response"]) == squad_form(pair["reference"]))


def squad_f1(pair):
    response, reference = squad_form(pair["response"]).split(), squad_form(pair["reference"]).split()
    shared = sum((collections.Counter(response) & collections.Counter(reference)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(response), shared / len(reference)
    return (2 * precision * recall) / (precision + recall)


def squad_v2_f1(pair):
    response, reference = squad_form(pair["response"]), squad_form(pair["reference"])
    return squad_f1(pair) if response and reference else float(response == reference)


def classification_accuracy(pair):
    labels = [label.lower().strip() for label in pair["labels"]]
    pieces = (piece.lower().strip() for piece in pair["response"].split(" "))
    return float(next((piece for piece in pieces if piece in labels), "unknown") == pair["label"])


PLAIN = {
    "relevance": relevance,
    "f1": words_of(harmonic_mean),
    "precision": words_of(lambda output, expected, shared: shared / output if output else 0.0),
    "recall": words_of(lambda output, expected, shared: shared / expected if expected else 0.0),
    "exact_match": best_of_targets(lambda response, target: float(response.strip() == target.strip())),
    "quasi_exact_match": best_of_targets(
        lambda response, target: float(normal_form(response.strip()) == normal_form(target.strip()))
    ),
    "factual_knowledge": best_of_targets(contains),
    "factual_knowledge_all": every_target(contains),
    "factual_knowledge_quasi_exact": best_of_targets(contains_quasi),
    "factual_knowledge_quasi_exact_all": every_target(contains_quasi),
    "squad_exact_match": squad_exact_match,
    "squad_f1": squad_f1,
    "squad_v2_exact_match": squad_exact_match,
    "squad_v2_f1": squad_v2_f1,
    "classification_accuracy": classification_accuracy,
    "response_length": lambda pair: float(len(pair["response"])),
}


def rouge():
    from rouge_score import rouge_scorer

    def scorer(kind, stemmed):
        scorer = rouge_scorer.RougeScorer([kind], use_stemmer=stemmed)
        return lambda pair: scorer.score(pair["reference"], pair["response"])[kind].fmeasure

    kinds = {"rouge_1": "rouge1", "rouge_2": "rouge2", "rouge_l": "rougeL", "rouge_lsum": "rougeLsum"}
    plain = {name: scorer(kind, False) for name, kind in kinds.items()}
    return plain | {f"{name}_stemmed": scorer(kind, True) for name, kind in kinds.items()}


def sacrebleu():
    from sacrebleu.metrics import BLEU, CHRF

    def sentence(metric):
        return lambda pair: metric.sentence_score(pair["response"], [pair["reference"]]).score

    return {
        "bleu": sentence(BLEU(effective_order=True)),
        "chrf": sentence(CHRF()),
        "chrf_plus_plus": sentence(CHRF(word_order=2)),
    }


def nltk():
    from nltk.tokenize import NLTKWordTokenizer
    from nltk.translate.meteor_score import single_meteor_score

    class NoSynonyms:
        """Stands for WordNet, which is left out on both sides."""

        def synsets(self, word):
            return []

    tokenize, synonyms = NLTKWordTokenizer().tokenize, NoSynonyms()

    def meteor(pair):
        return single_meteor_score(tokenize(pair["reference"]), tokenize(pair["response"]), wordnet=synonyms)

    return {"meteor": meteor}


def jiwer():
    import jiwer

    return {
        "word_error_rate": lambda pair: jiwer.wer(pair["reference"], pair["response"]),
        "character_error_rate": lambda pair: jiwer.cer(pair["reference"], pair["response"]),
    }


def rapidfuzz():
    from rapidfuzz.distance import Levenshtein

    return {"edit_similarity": lambda pair: Levenshtein.normalized_similarity(pair["response"], pair["reference"])}


def textstat():
    import textstat

    textstat.flesch_reading_ease("The library needs a dictionary of syllables.")
    return {
        "flesch_reading_ease": lambda pair: textstat.flesch_reading_ease(pair["response"]),
        "flesch_kincaid_grade": lambda pair: textstat.flesch_kincaid_grade(pair["response"]),
    }


LIBRARIES = {
    "rouge-score": rouge,
    "sacrebleu": sacrebleu,
    "nltk": nltk,
    "jiwer": jiwer,
    "rapidfuzz": rapidfuzz,
    "textstat": textstat,
}


def measure(program, scorer, pairs):
    def seconds(sample):
        start = time.perf_counter()
        values = [scorer(pair) for pair in sample]
        return time.perf_counter() - start, values

    trial = min(seconds(pairs[:20])[0] for _ in range(3)) / 20
    sample = pairs[: max(100, int(0.4 / trial))]
    size = max(1, int(0.002 / trial))
    slices = [sample[start : start + size] for start in range(0, len(sample), size)]
    fastest = [min(seconds(pairs)[0] for _ in range(5)) for pairs in slices]
    values = [scorer(pair) for pair in sample]
    return {
        "program": program,
        "pairs": len(sample),
        "pairs_per_second": len(sample) / sum(fastest),
        "mean": sum(values) / len(values),
    }


def main():
    pairs = [json.loads(line) for line in sys.stdin]
    plain = f"plain Python {platform.python_version()}"
    measured = {name: measure(plain, scorer, pairs) for name, scorer in PLAIN.items()}
    missing = {}
    for library, scorers in LIBRARIES.items():
        try:
            program = f"{library} {importlib.metadata.version(library)}"
            found = {name: measure(program, scorer, pairs) for name, scorer in scorers().items()}
        except Exception as error:  # A library or its data may be missing in any way.
            missing[library] = type(error).__name__
        else:
            measured |= found
    json.dump({"measured": measured, "missing": missing}, sys.stdout)


if __name__ == "__main__":
    main()
