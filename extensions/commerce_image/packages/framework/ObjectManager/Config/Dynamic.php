<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Config;

use Magento\Framework\ObjectManager\ConfigInterface;

/**
 * What the di.xml files say: only the arguments that they name.
 */
class Dynamic implements ConfigInterface
{
    /**
     * @param array{preferences: array<string, string>, types: array<string, array>} $config of one area
     */
    public function __construct(protected array $config)
    {
    }

    public function getPreference(string $type): string
    {
        while (isset($this->config['preferences'][$type])) {
            $type = $this->config['preferences'][$type];
        }

        return $type;
    }

    /**
     * @return array<string, string> type => the class that stands for it in the end
     */
    public function getPreferences(): array
    {
        $types = array_keys($this->config['preferences']);

        return array_combine($types, array_map($this->getPreference(...), $types));
    }

    /**
     * A class has its parents' and interfaces' arguments too; its own win.
     */
    public function getArguments(string $type): ?array
    {
        $ancestors = [...array_values(class_implements($type)), ...array_reverse(array_values(class_parents($type)))];
        $arguments = [];
        foreach ([...$ancestors, $type] as $name) {
            $arguments = array_replace_recursive($arguments, $this->config['types'][$name] ?? []);
        }

        return $arguments ?: null;
    }

    /**
     * There is nothing to load: this is the configuration of its area.
     */
    public function loadArea(string $area): void
    {
    }
}
