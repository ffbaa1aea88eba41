<?php

declare(strict_types=1);

namespace Magento\Customer\Model\ResourceModel;

use Magento\Framework\App\ResourceConnection;

/**
 * The table customer_group_excluded_website: groups whose customers may not use a website.
 */
class ExcludedWebsites
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function isExcluded(int $groupId, int $websiteId): bool
    {
        $sql = 'SELECT 1 AS excluded FROM {customer_group_excluded_website}'
            . ' WHERE customer_group_id = ? AND website_id = ?';

        return $this->resource->fetchRow($sql, [$groupId, $websiteId]) !== null;
    }
}
