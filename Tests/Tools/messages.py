"""Whether a file of conversations is what fine-tuning tools take: TRL's and axolotl's `messages` with images, data URLs, and preferences.

    messages.py FILE.jsonl     prints nothing where all is well; else each fault, and ends with 1

The rules are those of the tools' documentation: roles take turns and end with the assistant's; the content of each message is a list of parts of a
known type; as many images are named beside the messages as stand in them, in the same order; images are there and are PNG; every row has the same
members, for a table has one type a column; preferences answer one prompt in two ways. Where the Python package `datasets` is installed it loads the
file, too. Needs nothing else.
"""

import base64
import json
import os
import sys

faults = []


def say(row, what):
    faults.append(f"row {row}: {what}")


def png(data):
    return data[:8] == b"\x89PNG\r\n\x1a\n" and data[-8:-4] == b"IEND"


def turns(row, messages, folder, images):
    """Checks messages; appends the paths of their images to `images`."""
    if not isinstance(messages, list) or not messages:
        return say(row, "no messages")
    for number, message in enumerate(messages):
        if set(message) != {"role", "content"}:
            say(row, f"a message has {sorted(message)}")
            continue
        if message["role"] not in ("system", "user", "assistant"):
            say(row, f"role {message['role']!r}")
        if number and messages[number - 1]["role"] == message["role"]:
            say(row, f"{message['role']} speaks twice")
        if not isinstance(message["content"], list) or not message["content"]:
            say(row, "content is no list of parts")
            continue
        for part in message["content"]:
            kind = part.get("type")
            if kind == "text":
                if not isinstance(part.get("text"), str) or not part["text"].strip():
                    say(row, "a text without text")
            elif kind == "image":
                path = part.get("path", "")
                if os.path.isabs(path) or ".." in path.split("/"):
                    say(row, f"image {path!r} is not below the export")
                images.append(path)
                try:
                    with open(os.path.join(folder, path), "rb") as file:
                        if not png(file.read()):
                            say(row, f"image {path!r} is no PNG")
                except OSError as error:
                    say(row, str(error))
            elif kind == "image_url":
                head, _, data = part["image_url"]["url"].partition(",")
                if head != "data:image/png;base64" or not png(base64.b64decode(data, validate=True)):
                    say(row, "a data URL that holds no PNG")
            else:
                say(row, f"a part of type {kind!r}")
            if message["role"] == "assistant" and kind != "text":
                say(row, "the assistant shows an image")


def main(path):
    folder = os.path.dirname(path)
    members = None
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for number, row in enumerate(rows, 1):
        members = members or set(row)
        if set(row) != members:
            say(number, f"members {sorted(set(row) ^ members)} are not in every row")
        images = []
        if "prompt" in row:
            turns(number, row["prompt"], folder, images)
            turns(number, row["chosen"], folder, images)
            turns(number, row["rejected"], folder, images)
            if row["prompt"][-1]["role"] != "user":
                say(number, "the prompt is not the user's")
            if row["chosen"] == row["rejected"]:
                say(number, "chosen and rejected are alike")
            ends = [row["chosen"][-1], row["rejected"][-1]]
        else:
            turns(number, row["messages"], folder, images)
            ends = [row["messages"][-1]]
        if any(end["role"] != "assistant" for end in ends):
            say(number, "the last word is not the assistant's")
        if "images" in row and row["images"] != images:
            say(number, "'images' are not those of the messages")
        if not 0 <= row.get("weight", 1) <= 1:
            say(number, f"weight {row['weight']}")
    if not rows:
        faults.append("no rows")
    try:
        import datasets
    except ImportError:
        datasets = None
    if datasets and not faults:
        table = datasets.load_dataset("json", data_files=path, split="train", cache_dir=os.path.join(folder, ".cache"))
        if len(table) != len(rows):
            faults.append(f"datasets sees {len(table)} rows of {len(rows)}")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
