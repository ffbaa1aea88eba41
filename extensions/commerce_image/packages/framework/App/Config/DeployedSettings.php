<?php

declare(strict_types=1);

namespace Magento\Framework\App\Config;

use Magento\Framework\App\DeploymentConfig;

/**
 * Settings under `system` in config.php and env.php, and over them those of the environment:
 * CONFIG__DEFAULT__WEB__SECURE__BASE_URL, CONFIG__STORES__CODE__WEB__SECURE__BASE_URL.
 */
class DeployedSettings
{
    private const PREFIX = 'CONFIG__';

    public function __construct(private readonly DeploymentConfig $deploymentConfig)
    {
    }

    /**
     * @param string $path with its scope: `default/web/secure/base_url`, `stores/CODE/web/secure/base_url`
     */
    public function get(string $path): ?string
    {
        $variable = self::PREFIX . str_replace('/', '__', strtoupper($path));
        $value = getenv($variable);
        if ($value === false) {
            $value = $this->deploymentConfig->get("system/$path");
        }

        return is_scalar($value) ? (string)$value : null;
    }
}
