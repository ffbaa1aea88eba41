<?php

declare(strict_types=1);

namespace Magento\Customer\Model;

use Magento\Customer\Model\ResourceModel\Customer as CustomerResource;

/**
 * Writes the columns that a login changes, and no other column of the customer.
 *
 * The values are those of the registry's customer, which the caller has changed. They are written through a
 * customer of this class's own, so that nothing else that somebody changed in the registry's one goes along.
 *
 * Every login and every new account needs an object of this class: a store that cannot create one turns all
 * customers away, those with the right password too.
 *
 * The columns, all in customer_entity, times in UTC:
 * failures_num counts failed logins since first_failure; lock_expires is when a locked account opens again.
 */
class CustomerAuthUpdate
{
    private const COLUMNS = ['failures_num', 'first_failure', 'lock_expires'];

    private readonly CustomerRegistry $customerRegistry;

    private readonly CustomerResource $customerResource;

    private readonly Customer $customer;

    public function __construct(
        CustomerRegistry $customerRegistry,
        CustomerResource $customerResource,
        ?Customer $customer = null,
    ) {
        $this->customerRegistry = $customerRegistry;
        $this->customerResource = $customerResource;
        $this->customer = $customer ?? \Magento\Framework\App\ObjectManager::getInstance()->create(Customer::class);
    }

    public function saveAuth(int $customerId): void
    {
        $changed = $this->customerRegistry->retrieve($customerId);
        $customer = $this->customer;
        $customer->setData('entity_id', $customerId);
        foreach (self::COLUMNS as $column) {
            $customer->setData($column, $changed->getData($column));
        }
        $this->customerResource->saveColumns($customer, self::COLUMNS);
    }
}
