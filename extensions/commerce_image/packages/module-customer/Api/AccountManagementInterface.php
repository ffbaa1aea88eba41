<?php

declare(strict_types=1);

namespace Magento\Customer\Api;

use Magento\Customer\Api\Data\Customer as CustomerData;
use Magento\Customer\Model\Customer;
use Magento\Framework\Exception\LocalizedException;

interface AccountManagementInterface
{
    /**
     * @throws LocalizedException
     */
    public function createAccount(CustomerData $customer, ?string $password = null): CustomerData;

    /**
     * @throws LocalizedException whatever is the reason why this customer cannot come in
     */
    public function authenticate(string $username, string $password): Customer;
}
