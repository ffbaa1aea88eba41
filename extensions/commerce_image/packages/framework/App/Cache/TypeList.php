<?php

declare(strict_types=1);

namespace Magento\Framework\App\Cache;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\DeploymentConfig\Writer;

/**
 * The cache types: their order, and which are enabled in env.php.
 */
class TypeList
{
    public const CONFIG = 'config';
    public const COMPILED_CONFIG = 'compiled_config';
    public const FULL_PAGE = 'full_page';

    public const NAMES = [
        self::CONFIG,
        'layout',
        'block_html',
        'collections',
        'reflection',
        'db_ddl',
        self::COMPILED_CONFIG,
        'eav',
        'customer_notification',
        'config_integration',
        'config_integration_api',
        self::FULL_PAGE,
        'config_webservice',
        'translate',
    ];

    public function __construct(
        private readonly DeploymentConfig $deploymentConfig,
        private readonly Writer $writer,
    ) {
    }

    public function isEnabled(string $type): bool
    {
        return (bool)$this->deploymentConfig->get("cache_types/$type", false);
    }

    /**
     * @param list<string> $types
     * @return list<string> those that were not so before
     */
    public function setEnabled(array $types, bool $isEnabled): array
    {
        $isOther = fn (string $type): bool => $this->isEnabled($type) !== $isEnabled;
        $changed = array_values(array_filter($types, $isOther));
        if ($changed !== []) {
            $states = array_fill_keys($changed, (int)$isEnabled);
            $this->writer->merge(DeploymentConfig::ENV_FILE, ['cache_types' => $states]);
        }

        return $changed;
    }
}
