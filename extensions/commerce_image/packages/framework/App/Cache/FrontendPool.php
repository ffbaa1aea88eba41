<?php

declare(strict_types=1);

namespace Magento\Framework\App\Cache;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Cache\BackendFactory;
use Magento\Framework\Cache\BackendInterface;

/**
 * The cache frontends of env.php's cache/frontend: `default` and `page_cache`, in files where it names no backend.
 */
class FrontendPool
{
    public const DEFAULT = 'default';
    public const PAGE_CACHE = 'page_cache';

    private const DIRECTORIES = [self::DEFAULT => '/cache', self::PAGE_CACHE => '/page_cache'];
    private const DERIVED_PREFIX_LENGTH = 3;

    /** @var array<string, BackendInterface> */
    private array $backends = [];

    public function __construct(
        private readonly DeploymentConfig $deploymentConfig,
        private readonly DirectoryList $directoryList,
        private readonly BackendFactory $backendFactory,
    ) {
    }

    public function get(string $frontend): BackendInterface
    {
        return $this->backends[$frontend] ??= $this->backendFactory->create(
            (string)$this->deploymentConfig->get("cache/frontend/$frontend/backend", ''),
            (array)$this->deploymentConfig->get("cache/frontend/$frontend/backend_options", []),
            $this->directoryList->getVar() . self::DIRECTORIES[$frontend],
            $this->getKeyPrefix($frontend),
        );
    }

    /**
     * @return list<BackendInterface>
     */
    public function getAll(): array
    {
        return array_map($this->get(...), array_keys(self::DIRECTORIES));
    }

    /**
     * Derived from the path of app/etc where env.php gives none: so every release has a prefix of its own.
     */
    private function getKeyPrefix(string $frontend): string
    {
        $derived = substr(hash('sha256', $this->directoryList->getConfig()), 0, self::DERIVED_PREFIX_LENGTH) . '_';

        return $this->deploymentConfig->get("cache/frontend/$frontend/id_prefix", $derived);
    }
}
