<?php

declare(strict_types=1);

namespace Magento\Customer\Api;

use Magento\Customer\Api\Data\Customer as CustomerData;
use Magento\Framework\Exception\NoSuchEntityException;

interface CustomerRepositoryInterface
{
    /**
     * @throws NoSuchEntityException
     */
    public function getById(int $customerId): CustomerData;
}
