<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Config;

use Magento\Framework\App\AreaList;
use Magento\Framework\App\Cache\TypeList;
use Magento\Framework\App\Cache\TypePool;
use Magento\Framework\ObjectManager\ConfigInterface;

/**
 * What the di.xml files say: only the arguments that they name.
 */
class Dynamic implements ConfigInterface
{
    private const CACHE_ID = 'di_config_';

    /** @var array{preferences: array<string, string>, types: array<string, array>} */
    private array $config;

    public function __construct(
        private readonly DiXmlReader $reader,
        private readonly TypePool $cache,
    ) {
        $this->config = $this->load(AreaList::GLOBAL);
    }

    public function getPreference(string $type): string
    {
        while (isset($this->config['preferences'][$type])) {
            $type = $this->config['preferences'][$type];
        }

        return $type;
    }

    /**
     * A class has its parents' and interfaces' arguments too; its own win.
     */
    public function getArguments(string $type): ?array
    {
        $ancestors = class_exists($type) ? [...class_implements($type), ...array_reverse(class_parents($type))] : [];
        $arguments = [];
        foreach ([...array_values($ancestors), $type] as $name) {
            $arguments = array_replace_recursive($arguments, $this->config['types'][$name] ?? []);
        }

        return $arguments ?: null;
    }

    public function loadArea(string $area): void
    {
        $this->config = $this->load($area);
    }

    /**
     * @return array{preferences: array<string, string>, types: array<string, array>}
     */
    private function load(string $area): array
    {
        $config = $this->cache->load(TypeList::COMPILED_CONFIG, self::CACHE_ID . $area);
        if ($config === null) {
            $config = $this->reader->read($area);
            $this->cache->save(TypeList::COMPILED_CONFIG, self::CACHE_ID . $area, $config);
        }

        return $config;
    }
}
