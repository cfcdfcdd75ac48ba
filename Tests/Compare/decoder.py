"""Small decoders of the Mistral family with random weights, and what llama.cpp makes of them: to compare Grapheion's engine with.

Needs Python with gguf, numpy and llama_cpp (llama-cpp-python); no part of the product. Writes NAME.gguf and NAME.json for each variant and
each kind of tensor: the tokens of some texts, the logits after a prompt, the 200 tokens that follow it greedily, and by how much each of
them was ahead of the next best.

    python3 Tests/Compare/decoder.py DIR [NAME...]
    python3 Tests/Compare/decoder.py --golden Tests/Compare/decoder-golden.json     the decoder of DecoderFixture.swift
"""
import ctypes
import json
import sys
import tempfile

import gguf
import llama_cpp as lc
import numpy as np

WORDS = """ετουσ τεταρτου αυτοκρατοροσ καισαροσ σεβαστου μηνοσ και του τησ των εν τη πολει ομολογω εχειν παρα σου δια χειροσ αργυριου
δραχμασ βασιλικου γραμματεωσ ερμου πολεωσ αρσινοιτου νομου κωμησ θεαδελφειασ σιτολογοι μεμετρημεθα πυρου αρταβασ""".split()
TEXTS = [
    "ετουσ τεταρτου αυτοκρατοροσ", " και του", "  εν τη   πολει ", "x", "Ab cD'll 1234 ... \n\n\t end", "και\r\nτησ / x // y\n",
    "μῆνις ἄειδε θεά 😀 𐆊", "a-b--c [PREFIX] </s> ετουσ", "don't WE'RE 12 345", "", "ΑΥΤΟΚΡΑΤΟΡΟΣ Καισαρος", "é\u0301 — « »",
]


def pieces():
    """A SentencePiece vocabulary: (text, score, type)."""
    tokens = [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("[PREFIX]", 0, 3), ("[SUFFIX]", 0, 3)]
    tokens += [(f"<0x{b:02X}>", 0, 6) for b in range(256)]
    text = "▁" + "▁".join(WORDS)
    seen = sorted(set(text) | set("abcdexyABD.-1234'"))
    longer = sorted({text[i:i + n] for n in (2, 3, 4) for i in range(0, len(text) - n, 3)})
    return tokens + [(c, -1000.0, 1) for c in seen] + [(p, -float(i), 1) for i, p in enumerate(longer) if len(set(p)) > 1]


def byte_letters():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    table, next_letter = {b: chr(b) for b in printable}, 0x100
    for b in range(256):
        if b not in table:
            table[b], next_letter = chr(next_letter), next_letter + 1
    return table


def pairs(count):
    """A byte-pair vocabulary trained on the words: tokens with types, and merges."""
    table = byte_letters()
    words = [[table[b] for b in (" " + w).encode()] for w in WORDS]
    tokens = [("<unk>", 3), ("<s>", 3), ("</s>", 3), ("[PREFIX]", 3), ("[SUFFIX]", 3)] + [(table[b], 1) for b in range(256)]
    merges = []
    for _ in range(count):
        counts = {}
        for w in words:
            for pair in zip(w, w[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        best = max(counts, key=lambda p: (counts[p], p))
        merges.append(" ".join(best))
        if "".join(best) not in [t for t, _ in tokens]:
            tokens.append(("".join(best), 1))
        for w in words:
            i = 0
            while i < len(w) - 1:
                if (w[i], w[i + 1]) == best:
                    w[i:i + 2] = ["".join(best)]
                i += 1
    return tokens, merges


BASE = dict(arch="llama", width=256, hidden=512, layers=2, heads=4, key_heads=2, head=64, vocab="pieces", tied=False)
VARIANTS = {
    "plain": {}, "tied": dict(tied=True), "heads": dict(heads=8, key_heads=1, head=32), "wide-head": dict(heads=2, key_heads=2, head=128),
    "linear": dict(scaling=("linear", 4.0)), "yarn": dict(scaling=("yarn", 8.0)), "factors": dict(factors=True), "base": dict(base=1e6),
    "gpt2": dict(vocab="gpt-2"), "llama3": dict(vocab="llama-bpe"), "tekken": dict(vocab="tekken"), "bias": dict(bias=True),
    "mistral3": dict(arch="mistral3", vocab="tekken", scaling=("yarn", 16.0), temperature=0.1),
}
KINDS = {"f32": 0, "f16": 1, "bf16": 32, "q8_0": 7, "q4_0": 2, "q4_K": 14, "q5_K": 16, "q6_K": 18, "q4_K_M": 15, "q5_K_M": 17}


def write(path, name):
    v = {**BASE, **VARIANTS[name]}
    rng = np.random.default_rng(sum(map(ord, name)))
    w = gguf.GGUFWriter(path, v["arch"])
    w.add_name("random " + name)
    w.add_block_count(v["layers"])
    w.add_context_length(1024)
    w.add_embedding_length(v["width"])
    w.add_feed_forward_length(v["hidden"])
    w.add_head_count(v["heads"])
    w.add_head_count_kv(v["key_heads"])
    w.add_key_length(v["head"])
    w.add_value_length(v["head"])
    w.add_rope_dimension_count(v["head"])
    w.add_layer_norm_rms_eps(1e-5)
    w.add_rope_freq_base(v.get("base", 10000.0))
    if "scaling" in v:
        w.add_string(f"{v['arch']}.rope.scaling.type", v["scaling"][0])
        w.add_float32(f"{v['arch']}.rope.scaling.factor", v["scaling"][1])
        w.add_uint32(f"{v['arch']}.rope.scaling.original_context_length", 64)
    if "temperature" in v:
        w.add_float32(f"{v['arch']}.attention.temperature_scale", v["temperature"])
    if v["vocab"] == "pieces":
        tokens = pieces()
        w.add_tokenizer_model("llama")
        w.add_token_list([t for t, _, _ in tokens])
        w.add_token_scores([float(s) for _, s, _ in tokens])
        w.add_token_types([k for _, _, k in tokens])
    else:
        tokens, merges = pairs(150)
        w.add_tokenizer_model("gpt2")
        w.add_tokenizer_pre(v["vocab"])
        w.add_token_list([t for t, _ in tokens])
        w.add_token_types([k for _, k in tokens])
        w.add_token_merges(merges)
    w.add_bos_token_id(1)
    w.add_eos_token_id(2)
    count = len(tokens)

    def matrix(tensor, rows, columns, size=1.0):
        w.add_tensor(tensor, (rng.standard_normal((rows, columns)) * size / np.sqrt(columns)).astype(np.float32))

    def vector(tensor, n, mean=1.0):
        w.add_tensor(tensor, (mean + 0.1 * rng.standard_normal(n)).astype(np.float32))

    matrix("token_embd.weight", count, v["width"], 2 if v["tied"] else 16)
    vector("output_norm.weight", v["width"])
    if not v["tied"]:
        matrix("output.weight", count, v["width"], 4)
    if "factors" in v:
        w.add_tensor("rope_freqs.weight", np.linspace(1, 8, v["head"] // 2).astype(np.float32))
    for n in range(v["layers"]):
        b, q, k = f"blk.{n}.", v["heads"] * v["head"], v["key_heads"] * v["head"]
        vector(b + "attn_norm.weight", v["width"])
        vector(b + "ffn_norm.weight", v["width"])
        for part, rows in (("q", q), ("k", k), ("v", k)):
            matrix(b + f"attn_{part}.weight", rows, v["width"])
            if "bias" in v:
                vector(b + f"attn_{part}.bias", rows, 0)
        matrix(b + "attn_output.weight", v["width"], q)
        matrix(b + "ffn_gate.weight", v["hidden"], v["width"])
        matrix(b + "ffn_up.weight", v["hidden"], v["width"])
        matrix(b + "ffn_down.weight", v["width"], v["hidden"])
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def quantise(source, path, kind):
    p = lc.llama_model_quantize_default_params()
    p.ftype, p.nthread, p.pure = KINDS[kind], 1, not kind.endswith("_M")
    assert lc.llama_model_quantize(source.encode(), path.encode(), ctypes.byref(p)) == 0


def fixture(path):
    """The decoder that `DecoderFixture` writes: the same formula makes the same weights."""
    tokens = ["<unk>", "<s>", "</s>", "[PREFIX]", "[SUFFIX]", "▁", *"αβγδεζηθικλμνξοπρστυφχψω", "▁και", "και", "▁το", "υ▁", "σα"]
    width, hidden, layers, heads, key_heads, head = 32, 48, 2, 4, 2, 8
    w = gguf.GGUFWriter(path, "llama")
    w.add_block_count(layers)
    w.add_context_length(256)
    w.add_embedding_length(width)
    w.add_feed_forward_length(hidden)
    w.add_head_count(heads)
    w.add_head_count_kv(key_heads)
    w.add_key_length(head)
    w.add_value_length(head)
    w.add_rope_dimension_count(head)
    w.add_layer_norm_rms_eps(1e-5)
    w.add_tokenizer_model("llama")
    w.add_token_list(tokens)
    w.add_token_scores([-float(i) for i in range(len(tokens))])
    w.add_token_types([2 if i == 0 else 3 if i < 5 else 1 for i in range(len(tokens))])
    w.add_bos_token_id(1)
    w.add_eos_token_id(2)
    w.add_unk_token_id(0)
    shapes = [("token_embd", (len(tokens), width)), ("output_norm", (width,)), ("output", (len(tokens), width))]
    for n in range(layers):
        q, k = heads * head, key_heads * head
        shapes += [(f"blk.{n}.{name}", shape) for name, shape in (
            ("attn_norm", (width,)), ("ffn_norm", (width,)), ("attn_q", (q, width)), ("attn_k", (k, width)), ("attn_v", (k, width)),
            ("attn_output", (width, q)), ("ffn_gate", (hidden, width)), ("ffn_up", (hidden, width)), ("ffn_down", (width, hidden)))]
    for number, (name, shape) in enumerate(shapes):
        mixed = (np.arange(np.prod(shape), dtype=np.uint64) * 1103515245 + (number + 1) * 12345 + 4321) & 0xFFFFFFFF
        drawn = (((mixed ^ mixed >> np.uint64(15)) * (2246822519 >> 16)) & 0xFFFF).astype(np.float32)
        values = (drawn - np.float32(32768)) / np.float32(32768)
        scale = np.float32(0.1) if len(shape) == 1 else np.float32(1.7) / np.sqrt(np.float32(shape[1]))
        w.add_tensor(name + ".weight", (np.float32(len(shape) == 1) + scale * values).reshape(shape))
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def reference(path, given=None, length=200, texts=TEXTS):
    m = lc.llama_model_default_params()
    m.n_gpu_layers = 0
    for extra in ("use_extra_bufts",):
        if hasattr(m, extra):
            setattr(m, extra, True)
    model = lc.llama_model_load_from_file(path.encode(), m)
    vocab = lc.llama_model_get_vocab(model)
    count = lc.llama_vocab_n_tokens(vocab)

    def tokens(text):
        raw = text.encode()
        out = (lc.llama_token * (len(raw) + 8))()
        n = lc.llama_tokenize(vocab, raw, len(raw), out, len(out), False, False)
        return list(out[:n])

    c = lc.llama_context_default_params()
    c.n_ctx, c.n_batch, c.n_ubatch, c.n_threads, c.n_threads_batch, c.flash_attn_type = 512, 512, 512, 1, 1, 0
    ctx = lc.llama_init_from_model(model, c)

    def decode(some):
        array = (lc.llama_token * len(some))(*some)
        status = lc.llama_decode(ctx, lc.llama_batch_get_one(array, len(some)))
        assert status == 0, f"llama_decode: {status} for {len(some)} tokens"
        return np.ctypeslib.as_array(lc.llama_get_logits_ith(ctx, -1), (count,)).copy()

    prompt = given or [1] + tokens(" ".join(WORDS))
    first = logits = decode(prompt)
    greedy, margins = [], []
    for _ in range(length):
        top = np.sort(logits)[-2:]
        margins.append(float(top[1] - top[0]))
        greedy.append(int(np.argmax(logits)))
        logits = decode([greedy[-1]])
    result = dict(prompt=prompt, logits=[round(float(x), 6) for x in first], greedy=greedy, margins=margins,
                  texts=[dict(text=t, tokens=tokens(t)) for t in texts])
    lc.llama_free(ctx)
    lc.llama_model_free(model)
    return result


def main():
    quiet = lc.llama_log_callback(lambda *_: None)
    lc.llama_log_set(quiet, None)
    if sys.argv[1] == "--golden":
        text = [1, 8, 9, 30, 12, 7, 6, 33, 17, 22, 23, 31, 5, 13, 14, 15, 8, 28, 29, 10]
        with tempfile.TemporaryDirectory() as folder, open(sys.argv[2], "w") as out:
            fixture(folder + "/fixture.gguf")
            found = reference(folder + "/fixture.gguf", text, 60, [])
            found["margins"] = [round(m, 4) for m in found["margins"]]
            json.dump(found, out)
        return
    folder, only = sys.argv[1], sys.argv[2:]
    for name in VARIANTS:
        write(f"{folder}/{name}.gguf", name)
    for kind in list(KINDS)[1:]:
        quantise(f"{folder}/plain.gguf", f"{folder}/{kind}.gguf", kind)
    for name in [*VARIANTS, *list(KINDS)[1:]]:
        if only and name not in only:
            continue
        with open(f"{folder}/{name}.json", "w") as out:
            json.dump(reference(f"{folder}/{name}.gguf"), out, ensure_ascii=False)


main()
