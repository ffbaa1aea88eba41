# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MySQL's login by caching_sha2_password or sha256_password over plain TCP, where the library cryptography is missing.

The server sends its public key, as it does to PHP; the password goes back encrypted by RSA with OAEP padding (RFC 8017,
7.1.1, SHA-1). Encrypting needs nothing but arithmetic. Nothing here is fit for a private key.
"""

from __future__ import annotations

import base64
import hashlib
import os


def install(driver):
    """Let this PyMySQL encrypt by encrypt(), for the rest of the process."""
    driver._auth.sha2_rsa_encrypt = encrypt


def encrypt(password: bytes, salt: bytes, key: bytes) -> bytes:
    """The password for a login with that salt; key: a public key in PEM. A key of another form raises ValueError."""
    # The switch to another login method adds a zero byte to the 20 of the salt.
    text, salt = password + b"\0", salt[:20]
    mixed = bytes(byte ^ salt[at % len(salt)] for at, byte in enumerate(text))
    modulus, exponent = numbers(key)
    size = (modulus.bit_length() + 7) // 8
    padded = int.from_bytes(_oaep(mixed, size), "big")
    return pow(padded, exponent, modulus).to_bytes(size, "big")


def numbers(key: bytes):
    """Modulus and exponent of a public RSA key in PEM (SubjectPublicKeyInfo)."""
    lines = [line.strip() for line in key.splitlines()]
    info = base64.b64decode(b"".join(line for line in lines if line and not line.startswith(b"--")))
    # SEQUENCE { algorithm, BIT STRING { unused bits, SEQUENCE { modulus, exponent } } }
    dummy, bits = _values(_values(info)[0])[:2]
    return tuple(int.from_bytes(number, "big") for number in _values(_values(bits[1:])[0])[:2])


def _values(data: bytes):
    """The contents of the DER values that data is a row of."""
    found, at = [], 0
    while at < len(data):
        if at + 2 > len(data):
            raise ValueError("the key is cut off")
        length, at = data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(data[at : at + count], "big"), at + count
        found.append(data[at : at + length])
        at += length
    return found


def _oaep(message: bytes, size: int) -> bytes:
    label, seed = hashlib.sha1(b"").digest(), os.urandom(20)
    room = size - len(message) - 42
    if room < 0:
        raise ValueError("the key is too short for the password")
    block = label + bytes(room) + b"\1" + message
    block = _xor(block, _mask(seed, len(block)))
    return b"\0" + _xor(seed, _mask(block, 20)) + block


def _mask(seed: bytes, length: int) -> bytes:
    rounds = range(-(-length // 20))
    return b"".join(hashlib.sha1(seed + number.to_bytes(4, "big")).digest() for number in rounds)[:length]


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(left, right))
