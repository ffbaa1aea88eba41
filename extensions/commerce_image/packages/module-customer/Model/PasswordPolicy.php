<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\Exception\InputException;

/**
 * What a new password has to be like.
 */
class PasswordPolicy
{
    private const LENGTH_PATH = 'customer/password/minimum_password_length';
    private const CLASSES_PATH = 'customer/password/required_character_classes_number';
    private const CLASSES = ['/[a-z]/', '/[A-Z]/', '/\d/', '/[^a-zA-Z\d]/'];

    public function __construct(private readonly ScopeConfigInterface $scopeConfig)
    {
    }

    /**
     * @throws InputException
     */
    public function check(string $password): void
    {
        $length = (int)$this->scopeConfig->getValue(self::LENGTH_PATH);
        if (mb_strlen($password) < $length) {
            throw new InputException(
                'The password needs at least %1 characters. Create a new password and try again.',
                [(string)$length],
            );
        }
        $classes = (int)$this->scopeConfig->getValue(self::CLASSES_PATH);
        $found = array_filter(self::CLASSES, fn (string $class): bool => preg_match($class, $password) === 1);
        if (count($found) < $classes) {
            throw new InputException(
                'Minimum of different classes of characters in password is %1. '
                . 'Classes of characters: Lower Case, Upper Case, Digits, Special Characters.',
                [(string)$classes],
            );
        }
    }
}
