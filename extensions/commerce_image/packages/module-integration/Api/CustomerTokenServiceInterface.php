<?php

declare(strict_types=1);

namespace Magento\Integration\Api;

use Magento\Framework\Exception\AuthenticationException;
use Magento\Framework\Exception\InputException;

interface CustomerTokenServiceInterface
{
    /**
     * @throws AuthenticationException
     * @throws InputException
     */
    public function createCustomerAccessToken(string $username, string $password): string;
}
