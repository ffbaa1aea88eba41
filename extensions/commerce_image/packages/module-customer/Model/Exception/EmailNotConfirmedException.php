<?php

declare(strict_types=1);

namespace Magento\Customer\Model\Exception;

use Magento\Framework\Exception\AuthenticationException;

/**
 * The customer has not yet followed the link of the confirmation mail.
 */
class EmailNotConfirmedException extends AuthenticationException
{
}
