<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

/**
 * What was asked for does not exist.
 */
class NoSuchEntityException extends LocalizedException
{
}
