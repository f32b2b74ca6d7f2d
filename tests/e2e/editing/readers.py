"""Says what PyYAML and ruamel.yaml read in files, one JSON line for each line that is asked.

A question is {"text": TEXT, "paths": [PATH, ...]}: a path has the number of a document, keys of mappings, numbers of items, and null
where a text is to be read as a file of its own. An answer has, for each reader, a list with what is at each path, or the words in
which the reader refuses the file. A text is itself, anything else [ITS TYPE, ITS TEXT].
"""

import json
import multiprocessing
import sys

import ruamel.yaml
import yaml


def pyyaml(text):
    return list(yaml.load_all(text.encode(), Loader=yaml.SafeLoader))


def ruamel_yaml(text):
    return list(ruamel.yaml.YAML(typ="safe", pure=True).load_all(text.encode()))


READERS = {"PyYAML": pyyaml, "ruamel.yaml": ruamel_yaml}
REFUSALS = (yaml.YAMLError, ruamel.yaml.error.YAMLError)


def at(read, root, path):
    node = root
    for step in path:
        # What is within is one document.
        node = read(node)[0] if step is None else node[step]
    return node if isinstance(node, str) else [type(node).__name__, str(node)]


def answer(line):
    question = json.loads(line)
    answers = {}
    for name, read in READERS.items():
        try:
            root = read(question["text"])
            answers[name] = [at(read, root, path) for path in question["paths"]]
        except REFUSALS as refusal:
            answers[name] = str(refusal)
    return json.dumps(answers)


def main():
    with multiprocessing.Pool() as pool:
        for line in pool.imap(answer, sys.stdin, chunksize=16):
            print(line)


if __name__ == "__main__":
    main()
