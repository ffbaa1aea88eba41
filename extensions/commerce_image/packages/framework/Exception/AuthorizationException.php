<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * The one who asks may not have what was asked for.
 */
class AuthorizationException extends LocalizedException
{
}
