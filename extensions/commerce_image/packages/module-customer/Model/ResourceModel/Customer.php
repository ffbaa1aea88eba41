<?php

declare(strict_types=1);

namespace Magento\Customer\Model\ResourceModel;

use Magento\Customer\Model\Customer as CustomerModel;
use Magento\Framework\App\ResourceConnection;

/**
 * The table customer_entity.
 */
class Customer
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function load(CustomerModel $customer, int $customerId): void
    {
        $row = $this->resource->fetchRow('SELECT * FROM {customer_entity} WHERE entity_id = ?', [$customerId]);
        $customer->addData($row ?? []);
    }

    public function loadByEmail(CustomerModel $customer, string $email, int $websiteId): void
    {
        $sql = 'SELECT * FROM {customer_entity} WHERE email = ? AND website_id = ?';
        $customer->addData($this->resource->fetchRow($sql, [$email, $websiteId]) ?? []);
    }

    /**
     * @return int the new customer's id
     */
    public function insert(CustomerModel $customer): int
    {
        return $this->resource->insert('customer_entity', $customer->toArray());
    }

    /**
     * @param list<string> $columns those that are written
     */
    public function saveColumns(CustomerModel $customer, array $columns): void
    {
        $assignments = implode(', ', array_map(fn (string $column): string => "$column = ?", $columns));
        $values = array_map($customer->getData(...), $columns);
        $this->resource->query(
            "UPDATE {customer_entity} SET $assignments WHERE entity_id = ?",
            [...$values, $customer->getId()],
        );
    }
}
