<?php

declare(strict_types=1);

namespace Magento\Customer\Model\Exception;

use Magento\Framework\Exception\AuthenticationException;

/**
 * The password is not the customer's.
 */
class InvalidPasswordException extends AuthenticationException
{
}
