"""`python -m tests.screening`: how many sentences of each table are refused, and which slip through."""

import sys

from tests.screening import hard, is_refused, passing, rates, refusing


def main() -> None:
    for name, refused, of in rates():
        sys.stdout.write(f"{name}: {refused} of {of} refused\n")
    for sentence in passing():
        if is_refused(sentence):
            sys.stdout.write(f"refused, and has none: {sentence.text}\n")
    for sentence in (*refusing(), *hard()):
        if not is_refused(sentence):
            sys.stdout.write(f"gets by ({sentence.kind}): {sentence.text}\n")


if __name__ == "__main__":
    main()
