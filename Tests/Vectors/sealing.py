#!/usr/bin/env python3
"""apus-sealing(7) a second time, written from the page with Python's cryptography package.

  sealing.py vectors                 prints the test vectors
  sealing.py check FILE              makes and opens each vector of FILE
  sealing.py seal  < JSON > JSON     makes an envelope: {seal: [line], sign: line, topic, payload, ...}
  sealing.py open  < JSON > JSON     opens one: {open: [line], verify: [line], topic, head, body, ...}
"""
import base64
import hashlib
import hmac as hmac_module
import json
import os
import sys
import time

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"\xffAPS"
SEALED = "application/vnd.apus.sealed"
SUITES = {"aes-256-gcm": 1, "chacha20-poly1305": 2, "x25519": 3}
SIGNATURES = {"ed25519": 1, "hmac-sha256": 2}
SIGNATURE_LENGTH = {0: 0, 1: 64, 2: 32}
PAIRS = {"x25519": (X25519PrivateKey, X25519PublicKey), "ed25519": (Ed25519PrivateKey, Ed25519PublicKey)}


class Refused(Exception):
    pass


def raw(public):
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def mac(key, data):
    return hmac_module.new(key, data, hashlib.sha256).digest()


def hkdf(secret, salt, info):
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(secret)


class Key:
    def __init__(self, line):
        form, self.type, half, text = line.strip("\n").split(" ")
        assert form == "apus-key-1" and half in ("secret", "public")
        part = base64.b64decode(text, validate=True)
        assert len(part) == 32
        self.secret = part if half == "secret" else None
        name = b"apus-key-1 " + self.type.encode() + b"\0"
        if self.type in PAIRS:
            private, public = PAIRS[self.type]
            self.private = private.from_private_bytes(part) if self.secret else None
            self.public = self.private.public_key() if self.secret else public.from_public_bytes(part)
            self.id = hashlib.sha256(name + raw(self.public)).digest()[:8]
        else:
            self.id = mac(part, name)[:8]


def field(data):
    return len(data).to_bytes(2, "big") + data


def context(header, message):
    data = header + field(message["topic"].encode())
    if message.get("text"):
        data += b"\x01\x01"
    if message.get("content_type") is not None:
        data += b"\x03" + field(message["content_type"].encode())
    return data + bytes.fromhex(message.get("others", ""))


def cipher(suite, key):
    return ChaCha20Poly1305(key) if suite == 2 else AESGCM(key)


def content_key(base, suite, sender):
    return hkdf(base, sender, b"apus-sealing-1 content\0" + bytes([suite]))


def wrapping_key(shared, ephemeral, recipient, sender):
    return hkdf(shared, sender, b"apus-sealing-1 wrap\0" + ephemeral + recipient)


def nonce(sequence):
    return bytes(4) + sequence.to_bytes(8, "big")


def statement(context, body):
    return b"apus-sealing-1 signature\0" + hashlib.sha256(context + body).digest()


def seal(message, random=None, sequence=1, moment=None):
    random = random or os.urandom(80)
    moment = moment if moment is not None else int(time.time() * 1000)
    sender, base, ephemeral_secret = random[:16], random[16:48], random[48:]
    keys = [Key(line) for line in message.get("seal", [])]
    signer = Key(message["sign"]) if message.get("sign") else None
    suite = SUITES[keys[0].type] if keys else 0
    flags = (1 if keys and message.get("text") else 0) | (
        2 if keys and message.get("content_type") is not None else 0)
    header = MAGIC + bytes([1, suite, SIGNATURES[signer.type] if signer else 0, flags])
    header += sender + sequence.to_bytes(8, "big") + moment.to_bytes(8, "big")
    if flags & 2:
        header += field(message["content_type"].encode())
    if suite == 3:
        ephemeral = X25519PrivateKey.from_private_bytes(ephemeral_secret)
        public = raw(ephemeral.public_key())
        header += public + bytes([len(keys)])
        for key in keys:
            wrapping = wrapping_key(ephemeral.exchange(key.public), public, raw(key.public), sender)
            header += key.id + AESGCM(wrapping).encrypt(nonce(0), base, None)
    elif suite:
        base = keys[0].secret
        header += keys[0].id
    if signer:
        header += signer.id
    body = bytes.fromhex(message["payload"])
    bound = context(header, message)
    if suite:
        body = cipher(suite, content_key(base, suite, sender)).encrypt(nonce(sequence), body, bound)
    signature = b""
    if signer:
        words = statement(bound, body)
        signature = signer.private.sign(words) if signer.type == "ed25519" else mac(signer.secret, words)
    head = header + signature
    return {
        "head": base64.b64encode(head).decode(),
        "content_type": SEALED if suite else message.get("content_type"),
        "body": body.hex(),
        "v311": (head + body).hex(),
    }


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Refused("truncated")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, count):
        return int.from_bytes(self.take(count), "big")


def open_(message):
    """head and body of MQTT 5, or body alone with the head in front."""
    body = bytes.fromhex(message["body"])
    is_property = message.get("head") is not None
    reader = Reader(base64.b64decode(message["head"], validate=True) if is_property else body)
    if reader.take(4) != MAGIC or reader.number(1) != 1:
        raise Refused("magic or version")
    suite, signing, flags = reader.take(3)
    sender, sequence, moment = reader.take(16), reader.number(8), reader.number(8)
    inner = dict(message)
    if suite:
        if message.get("content_type") != (SEALED if is_property else None):
            raise Refused("content type")
        inner["content_type"], inner["text"] = None, bool(flags & 1)
        if flags & 2:
            inner["content_type"] = reader.take(reader.number(2)).decode()
    recipients = []
    if suite == 3:
        ephemeral = reader.take(32)
        recipients = [(reader.take(8), reader.take(48)) for _ in range(reader.number(1))]
    elif suite:
        recipients = [(reader.take(8), b"")]
    signer = reader.take(8) if signing else None
    header = reader.data[:reader.at]
    signature = reader.take(SIGNATURE_LENGTH[signing])
    if is_property and reader.at != len(reader.data):
        raise Refused("something behind the head")
    if not is_property:
        body = body[reader.at:]
    bound = context(header, inner)
    for line in message.get("verify", []):
        key = Key(line)
        if key.id != signer:
            raise Refused("signer")
        try:
            if signing == 1:
                key.public.verify(signature, statement(bound, body))
            elif mac(key.secret, statement(bound, body)) != signature:
                raise Refused("signature")
        except InvalidSignature:
            raise Refused("signature")
    if suite:
        found = [(Key(line), wrapped) for line in message.get("open", []) for id, wrapped in recipients
                 if Key(line).id == id and SUITES[Key(line).type] == suite]
        if not found:
            raise Refused("no key")
        key, wrapped = found[0]
        base = key.secret
        try:
            if suite == 3:
                shared = key.private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
                wrapping = wrapping_key(shared, ephemeral, raw(key.public), sender)
                base = AESGCM(wrapping).decrypt(nonce(0), wrapped, None)
            body = cipher(suite, content_key(base, suite, sender)).decrypt(nonce(sequence), body, bound)
        except InvalidTag:
            raise Refused("tag")
    return {
        "payload": body.hex(), "content_type": inner.get("content_type"), "text": bool(inner.get("text")),
        "sequence": sequence, "time": moment,
    }


# Test vectors

def line(type, half, part):
    return f"apus-key-1 {type} {half} {base64.b64encode(part).decode()}"


def vectors():
    secrets = {name: hashlib.sha256(b"apus-sealing test vector " + name.encode()).digest()
               for name in ["aes-256-gcm", "chacha20-poly1305", "x25519", "x25519 second", "ed25519", "hmac-sha256"]}
    lines = {name: line(name.split(" ")[0], "secret", secret) for name, secret in secrets.items()}
    publics = {name: line(name.split(" ")[0], "public", raw(Key(lines[name]).public))
               for name in lines if name.split(" ")[0] in PAIRS}
    random = b"".join(hashlib.sha256(b"apus-sealing random %d" % n).digest() for n in range(3))[:80]
    plain = {"topic": "plant/a/temperature", "payload": b"21.5".hex()}
    rich = {"topic": "a/\u00e9", "payload": bytes(range(256)).hex(), "content_type": "text/plain", "text": True,
            "others": (b"\x08" + field(b"re/ply") + b"\x09" + field(b"\0\1") + b"\x26" + field(b"k") + field(b"v")).hex()}
    cases = [
        ("aes-256-gcm", dict(plain, seal=[lines["aes-256-gcm"]]), [lines["aes-256-gcm"]], []),
        ("chacha20-poly1305, with properties", dict(rich, seal=[lines["chacha20-poly1305"]]), [lines["chacha20-poly1305"]], []),
        ("x25519", dict(plain, seal=[publics["x25519"]]), [lines["x25519"]], []),
        ("x25519, two recipients, signed by ed25519, with properties",
         dict(rich, seal=[publics["x25519"], publics["x25519 second"]], sign=lines["ed25519"]),
         [lines["x25519 second"]], [publics["ed25519"]]),
        ("ed25519", dict(plain, sign=lines["ed25519"]), [], [publics["ed25519"]]),
        ("hmac-sha256, with properties", dict(rich, sign=lines["hmac-sha256"]), [], [lines["hmac-sha256"]]),
        ("aes-256-gcm and hmac-sha256, empty payload",
         dict(plain, payload="", seal=[lines["aes-256-gcm"]], sign=lines["hmac-sha256"]),
         [lines["aes-256-gcm"]], [lines["hmac-sha256"]]),
    ]
    made = []
    for name, message, openers, verifiers in cases:
        made.append({"name": name, "message": message, "random": random.hex(), "sequence": 1, "time": 1790000000123,
                     "open": openers, "verify": verifiers,
                     "sealed": seal(message, random, 1, 1790000000123)})
    return made


def check(rows):
    for row in rows:
        message, sealed = row["message"], row["sealed"]
        made = seal(message, bytes.fromhex(row["random"]), row["sequence"], row["time"])
        assert made == sealed, row["name"]
        common = {"topic": message["topic"], "others": message.get("others", ""), "open": row["open"],
                  "verify": row["verify"]}
        arrived = dict(common, head=sealed["head"], body=sealed["body"], content_type=sealed["content_type"],
                       text=message.get("text") and not message.get("seal"))
        assert open_(arrived)["payload"] == message["payload"], row["name"]
        try:
            open_(dict(arrived, topic="elsewhere"))
            raise AssertionError("a moved message was opened: " + row["name"])
        except Refused:
            pass
    print(len(rows), "vectors")


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "vectors":
        json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=False)
        print()
    elif command == "check":
        check(json.load(open(sys.argv[2])))
    elif command in ("seal", "open"):
        try:
            json.dump({"seal": seal, "open": open_}[command](json.load(sys.stdin)), sys.stdout)
        except Refused as refusal:
            sys.exit(f"refused: {refusal}")
    else:
        sys.exit(__doc__)
