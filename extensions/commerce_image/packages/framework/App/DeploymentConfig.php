<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\DeploymentConfig\EnvironmentOverrides;
use Magento\Framework\App\Filesystem\DirectoryList;

/**
 * app/etc/config.php, over it app/etc/env.php, over both what the environment says.
 */
class DeploymentConfig
{
    public const CONFIG_FILE = 'config.php';
    public const ENV_FILE = 'env.php';

    /** @var array<string, mixed>|null */
    private ?array $data = null;

    public function __construct(
        private readonly DirectoryList $directoryList,
        private readonly EnvironmentOverrides $overrides,
    ) {
    }

    /**
     * @param string $path keys joined by slashes: db/connection/default
     */
    public function get(string $path, mixed $default = null): mixed
    {
        $value = $this->getAll();
        foreach (explode('/', $path) as $key) {
            if (!is_array($value) || !array_key_exists($key, $value)) {
                return $default;
            }
            $value = $value[$key];
        }

        return $value;
    }

    /**
     * Whether setup:install or an operator has written an env.php.
     */
    public function isAvailable(): bool
    {
        return $this->readFile(self::ENV_FILE) !== [];
    }

    /**
     * What a file itself says, without the environment.
     *
     * @return array<string, mixed> empty when there is no such file
     */
    public function readFile(string $name): array
    {
        $path = $this->directoryList->getConfig() . '/' . $name;
        $data = is_file($path) ? require $path : [];

        return is_array($data) ? $data : [];
    }

    public function reset(): void
    {
        $this->data = null;
    }

    /**
     * @return array<string, mixed>
     */
    private function getAll(): array
    {
        return $this->data ??= $this->overrides->apply(
            array_replace_recursive($this->readFile(self::CONFIG_FILE), $this->readFile(self::ENV_FILE)),
        );
    }
}
