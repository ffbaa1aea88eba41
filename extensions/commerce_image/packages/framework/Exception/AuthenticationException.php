<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * Nobody could be signed in with what was given.
 */
class AuthenticationException extends LocalizedException
{
}
