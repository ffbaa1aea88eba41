<?php

declare(strict_types=1);

namespace Magento\Framework\Module;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\Component\ComponentRegistrar;

/**
 * The enabled modules, in the order that app/etc/config.php gives them.
 */
class ModuleList
{
    public function __construct(
        private readonly DeploymentConfig $deploymentConfig,
        private readonly ComponentRegistrar $componentRegistrar,
    ) {
    }

    /**
     * @return array<string, string> name => directory
     */
    public function getEnabled(): array
    {
        $registered = $this->componentRegistrar->getPaths(ComponentRegistrar::MODULE);
        $enabled = array_filter((array)$this->deploymentConfig->get('modules', []));

        return array_intersect_key(array_replace($enabled, $registered), $enabled, $registered);
    }

    /**
     * @return list<string>
     */
    public function getAllNames(): array
    {
        $registered = $this->componentRegistrar->getPaths(ComponentRegistrar::MODULE);
        $configured = (array)$this->deploymentConfig->get('modules', []);

        return array_values(array_unique([...array_keys($configured), ...array_keys($registered)]));
    }

    /**
     * Files of one name in the enabled modules' etc/ (or in etc/AREA/), in module order.
     *
     * @return list<string>
     */
    public function findConfigFiles(string $fileName, string $area = 'global'): array
    {
        $directory = $area === 'global' ? 'etc' : "etc/$area";
        $files = array_map(fn (string $path): string => "$path/$directory/$fileName", $this->getEnabled());

        return array_values(array_filter($files, is_file(...)));
    }
}
