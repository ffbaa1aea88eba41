<?php

declare(strict_types=1);

namespace Magento\Customer\Model\ResourceModel;

use Magento\Framework\App\ResourceConnection;

/**
 * The table customer_log: when each customer was here last.
 */
class CustomerLog
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function saveLastLogin(int $customerId, string $time): void
    {
        $this->resource->query(
            'INSERT INTO {customer_log} (customer_id, last_login_at) VALUES (?, ?)'
            . ' ON DUPLICATE KEY UPDATE last_login_at = VALUES(last_login_at)',
            [$customerId, $time],
        );
    }
}
