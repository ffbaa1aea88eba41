<?php

declare(strict_types=1);

namespace Magento\Framework\Encryption;

/**
 * Password hashes of the form HEX(SHA-256(salt . password)):salt:1, which every 2.4 accepts.
 */
class Encryptor
{
    private const VERSION = '1';
    private const SALT_BYTES = 16;

    public function getHash(string $password): string
    {
        $salt = bin2hex(random_bytes(self::SALT_BYTES));

        return implode(':', [hash('sha256', $salt . $password), $salt, self::VERSION]);
    }

    public function isValidHash(string $password, string $hash): bool
    {
        $parts = explode(':', $hash);
        if (count($parts) !== 3 || $parts[2] !== self::VERSION) {
            return false;
        }

        return hash_equals($parts[0], hash('sha256', $parts[1] . $password));
    }
}
