<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Config;

use Magento\Framework\App\AreaList;
use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;

/**
 * What the di.xml files of the current area say, cached under the type `compiled_config`.
 */
class CachedDynamic extends Dynamic
{
    private const CACHE_ID = 'di_config_';

    public function __construct(
        private readonly DiXmlReader $reader,
        private readonly TypePool $cache,
    ) {
        parent::__construct($this->read(AreaList::GLOBAL));
    }

    public function loadArea(string $area): void
    {
        $this->config = $this->read($area);
        $this->plugins = [];
    }

    /**
     * @return array{preferences: array<string, string>, types: array<string, array>, plugins: array<string, array>}
     */
    private function read(string $area): array
    {
        $config = $this->cache->load(TypeList::COMPILED_CONFIG, self::CACHE_ID . $area);
        if ($config === null) {
            $config = $this->reader->read($area);
            $this->cache->save(TypeList::COMPILED_CONFIG, self::CACHE_ID . $area, $config);
        }

        return $config;
    }
}
