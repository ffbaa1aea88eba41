# Copyright (c) 2026, the storefleet.commerce authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Encrypting a password for the login, against a library that decrypts it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from support.mysql_server import SALT, decrypted_login, public_pem

from ansible_collections.storefleet.commerce.plugins.module_utils import rsa_login


@pytest.mark.parametrize("bits", [1024, 2048, 2050, 3072])
def test_what_is_encrypted_can_be_decrypted(bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    # The switch to the login method appends a zero byte to the salt.
    password = b"longer than the salt is"
    for salt in (SALT, SALT + b"\0"):
        sent = rsa_login.encrypt(password, salt, public_pem(key))
        assert decrypted_login(key, sent) == password + b"\0"
    assert rsa_login.encrypt(password, SALT, public_pem(key)) != sent


@pytest.mark.parametrize("key", [b"", b"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----", b"\x30"])
def test_a_key_that_is_none(key: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        rsa_login.encrypt(b"secret", SALT, key)


def test_a_password_that_is_too_long_for_the_key() -> None:
    key = public_pem(rsa.generate_private_key(65537, 1024))
    assert len(rsa_login.encrypt(b"x" * 85, SALT, key)) == 128
    with pytest.raises(ValueError, match="too short"):
        rsa_login.encrypt(b"x" * 86, SALT, key)
