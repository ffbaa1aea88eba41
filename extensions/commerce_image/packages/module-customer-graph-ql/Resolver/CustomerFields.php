<?php

declare(strict_types=1);

namespace Magento\CustomerGraphQl\Resolver;

use Magento\Customer\Api\Data\Customer as CustomerData;

/**
 * The fields of the type Customer.
 */
class CustomerFields
{
    /**
     * @return array<string, mixed>
     */
    public function get(CustomerData $customer): array
    {
        return [
            'id' => $customer->id,
            'email' => $customer->email,
            'firstname' => $customer->firstname,
            'lastname' => $customer->lastname,
            'group_id' => $customer->groupId,
            'created_at' => $customer->createdAt,
            'is_subscribed' => false,
        ];
    }
}
