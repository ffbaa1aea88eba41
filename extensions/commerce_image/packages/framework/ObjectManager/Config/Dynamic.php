<?php

declare(strict_types=1);

namespace Magento\Framework\ObjectManager\Config;

use Magento\Framework\Code\InterceptorGenerator;
use Magento\Framework\ObjectManager\ConfigInterface;
use ReflectionClass;

/**
 * What the di.xml files say: only the arguments that they name.
 */
class Dynamic implements ConfigInterface
{
    /** @var array<string, list<class-string>> those that have been looked for */
    protected array $plugins = [];

    /**
     * @param array{preferences: array<string, string>, types: array<string, array>, plugins: array<string, array>}
     *     $config of one area
     */
    public function __construct(protected array $config)
    {
    }

    public function getPreference(string $type): string
    {
        while (isset($this->config['preferences'][$type])) {
            $type = $this->config['preferences'][$type];
        }

        return $this->getPlugins($type) === [] ? $type : $type . InterceptorGenerator::SUFFIX;
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
        $arguments = [];
        foreach ($this->getLineage($type) as $name) {
            $arguments = array_replace_recursive($arguments, $this->config['types'][$name] ?? []);
        }

        return $arguments ?: null;
    }

    /**
     * A class has its parents' and interfaces' plugins too.
     */
    public function getPlugins(string $type): array
    {
        return $this->plugins[$type] ??= $this->findPlugins($type);
    }

    /**
     * @return list<class-string>
     */
    private function findPlugins(string $type): array
    {
        $isInterceptor = str_ends_with($type, InterceptorGenerator::SUFFIX);
        if ($isInterceptor || $this->config['plugins'] === [] || !class_exists($type)) {
            return [];
        }
        $plugins = [];
        foreach (array_intersect_key($this->config['plugins'], array_flip($this->getLineage($type))) as $declared) {
            $plugins = array_replace_recursive($plugins, $declared);
        }
        if ($plugins === [] || !InterceptorGenerator::isPossible(new ReflectionClass($type))) {
            return [];
        }
        $active = array_filter(
            $plugins,
            fn (array $plugin): bool => isset($plugin['instance']) && !($plugin['disabled'] ?? false),
        );
        uasort($active, fn (array $one, array $other): int => ($one['sortOrder'] ?? 0) <=> ($other['sortOrder'] ?? 0));

        return array_column($active, 'instance');
    }

    /**
     * @return list<string> interfaces, then parents from the first one down, then the class itself
     */
    private function getLineage(string $type): array
    {
        return [...array_values(class_implements($type)), ...array_reverse(array_values(class_parents($type))), $type];
    }

    /**
     * There is nothing to load: this is the configuration of its area.
     */
    public function loadArea(string $area): void
    {
    }
}
