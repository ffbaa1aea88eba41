<?php

declare(strict_types=1);

namespace Magento\Framework\Module;

use Magento\Framework\Component\ComponentRegistrar;
use Magento\Framework\Config\XmlFile;

/**
 * All registered modules, each after those that its etc/module.xml names in <sequence>.
 */
class ModuleSequence
{
    public function __construct(private readonly ComponentRegistrar $componentRegistrar)
    {
    }

    /**
     * @return list<string>
     */
    public function getSortedNames(): array
    {
        $paths = $this->componentRegistrar->getPaths(ComponentRegistrar::MODULE);
        ksort($paths);
        $sorted = [];
        foreach (array_keys($paths) as $name) {
            $this->addAfterItsSequence($name, $paths, $sorted);
        }

        return array_keys($sorted);
    }

    /**
     * @param array<string, string> $paths
     * @param array<string, true> $sorted
     */
    private function addAfterItsSequence(string $name, array $paths, array &$sorted): void
    {
        if (isset($sorted[$name]) || !isset($paths[$name])) {
            return;
        }
        $module = XmlFile::read($paths[$name] . '/etc/module.xml')->module;
        foreach ($module->sequence->module ?? [] as $earlier) {
            $this->addAfterItsSequence((string)$earlier['name'], $paths, $sorted);
        }
        $sorted[$name] = true;
    }
}
