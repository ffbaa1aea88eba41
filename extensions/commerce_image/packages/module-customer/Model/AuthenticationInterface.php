<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use Magento\Customer\Model\Exception\InvalidPasswordException;
use Magento\Customer\Model\Exception\UserLockedException;

/**
 * The password of a customer, and what wrong ones lead to.
 */
interface AuthenticationInterface
{
    /**
     * @throws InvalidPasswordException
     * @throws UserLockedException when this wrong password was one too many
     */
    public function authenticate(int $customerId, string $password): void;

    public function processAuthenticationFailure(int $customerId): void;

    public function unlock(int $customerId): void;

    public function isLocked(int $customerId): bool;
}
