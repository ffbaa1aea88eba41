<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Config;

use LogicException;
use Magento\Framework\App\AreaList;
use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\ObjectManager\ConfigInterface;

/**
 * What setup:di:compile wrote into generated/metadata: every argument of every constructor that it saw.
 *
 * Nobody compares it with the constructors of today. When they have changed since, objects cannot be created.
 */
class Compiled implements ConfigInterface
{
    /** @var array{arguments: array<string, array>, preferences: array<string, string>, plugins: array<string, list>} */
    private array $config;

    public function __construct(private readonly DirectoryList $directoryList)
    {
        $this->loadArea(AreaList::GLOBAL);
    }

    public static function isAvailable(DirectoryList $directoryList): bool
    {
        return is_file(self::getPath($directoryList, AreaList::GLOBAL));
    }

    public static function getPath(DirectoryList $directoryList, string $area): string
    {
        return $directoryList->getMetadata() . "/$area.php";
    }

    public function getPreference(string $type): string
    {
        return $this->config['preferences'][$type] ?? $type;
    }

    public function getArguments(string $type): ?array
    {
        return $this->config['arguments'][$type] ?? null;
    }

    public function getPlugins(string $type): array
    {
        return $this->config['plugins'][$type] ?? [];
    }

    public function loadArea(string $area): void
    {
        $path = self::getPath($this->directoryList, $area);
        if (!is_file($path)) {
            throw new LogicException("The wiring of the area \"$area\" is missing in generated/metadata.");
        }
        $this->config = require $path;
    }
}
