<?php

declare(strict_types=1);

namespace Magento\Customer\Model\Exception;

use Magento\Framework\Exception\AuthenticationException;

/**
 * Too many failed logins: the account is locked for a while.
 */
class UserLockedException extends AuthenticationException
{
}
