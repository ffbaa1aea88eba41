<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * The object manager could not create an object.
 */
class RuntimeException extends LocalizedException
{
}
