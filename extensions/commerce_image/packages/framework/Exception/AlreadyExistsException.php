<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * There is one already.
 */
class AlreadyExistsException extends LocalizedException
{
}
