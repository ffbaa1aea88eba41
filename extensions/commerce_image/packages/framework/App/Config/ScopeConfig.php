<?php

declare(strict_types=1);

namespace Magento\Framework\App\Config;

use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;

/**
 * Settings by scope: a store view's, else its website's, else the default one.
 *
 * Within a scope the environment wins over env.php and config.php, those over the database, and that over the
 * modules' etc/config.xml. What is in XML and in the database is cached under the type `config`.
 */
class ScopeConfig implements ScopeConfigInterface
{
    private const CACHE_ID = 'system_config';

    /** @var array{scopes: array<string, array<string, string|null>>, websites: array<string, string>}|null */
    private ?array $stored = null;

    public function __construct(
        private readonly StoredSettings $storedSettings,
        private readonly DeployedSettings $deployedSettings,
        private readonly TypePool $cache,
    ) {
    }

    public function getValue(string $path, string $scope = self::SCOPE_DEFAULT, ?string $code = null): ?string
    {
        foreach ($this->getFallback($scope, $code) as $place) {
            $value = $this->deployedSettings->get("$place/$path")
                ?? $this->getStored()['scopes'][$place][$path]
                ?? null;
            if ($value !== null) {
                return $value;
            }
        }

        return null;
    }

    /**
     * Forgets the stored settings, and nothing else of the cache type.
     */
    public function clean(): void
    {
        $this->stored = null;
        $this->cache->remove(TypeList::CONFIG, self::CACHE_ID);
    }

    /**
     * @return list<string> `stores/CODE`, `websites/CODE`, `default`: the innermost first
     */
    private function getFallback(string $scope, ?string $code): array
    {
        $website = $this->getStored()['websites'][$code ?? ''] ?? '';

        return match ($scope) {
            self::SCOPE_STORES => ["stores/$code", "websites/$website", self::SCOPE_DEFAULT],
            self::SCOPE_WEBSITES => ["websites/$code", self::SCOPE_DEFAULT],
            self::SCOPE_DEFAULT => [self::SCOPE_DEFAULT],
        };
    }

    /**
     * @return array{scopes: array<string, array<string, string|null>>, websites: array<string, string>}
     */
    private function getStored(): array
    {
        $this->stored ??= $this->cache->load(TypeList::CONFIG, self::CACHE_ID);
        if ($this->stored === null) {
            $this->stored = $this->storedSettings->read();
            $this->cache->save(TypeList::CONFIG, self::CACHE_ID, $this->stored);
        }

        return $this->stored;
    }
}
