<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use Magento\Customer\Api\CustomerRepositoryInterface;
use Magento\Customer\Api\Data\Customer as CustomerData;

class CustomerRepository implements CustomerRepositoryInterface
{
    public function __construct(private readonly CustomerRegistry $customerRegistry)
    {
    }

    public function getById(int $customerId): CustomerData
    {
        $customer = $this->customerRegistry->retrieve($customerId);

        return new CustomerData(
            id: $customer->getId(),
            groupId: (int)$customer->getData('group_id'),
            confirmation: $customer->getData('confirmation'),
            createdAt: $customer->getData('created_at'),
            updatedAt: $customer->getData('updated_at'),
            createdIn: $customer->getData('created_in'),
            email: (string)$customer->getData('email'),
            firstname: (string)$customer->getData('firstname'),
            lastname: (string)$customer->getData('lastname'),
            storeId: (int)$customer->getData('store_id'),
            websiteId: (int)$customer->getData('website_id'),
            addresses: [],
            disableAutoGroupChange: (int)$customer->getData('disable_auto_group_change'),
            extensionAttributes: ['is_subscribed' => false],
        );
    }
}
