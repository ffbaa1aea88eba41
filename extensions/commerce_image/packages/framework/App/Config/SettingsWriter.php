<?php

declare(strict_types=1);

namespace Magento\Framework\App\Config;

use Magento\Framework\App\ResourceConnection;

/**
 * Writes settings into core_config_data.
 */
class SettingsWriter
{
    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function save(string $path, string $value, string $scope = 'default', int $scopeId = 0): void
    {
        $this->resource->query(
            'INSERT INTO {core_config_data} (scope, scope_id, path, value) VALUES (?, ?, ?, ?)'
            . ' ON DUPLICATE KEY UPDATE value = VALUES(value)',
            [$scope, $scopeId, $path, $value],
        );
    }
}
