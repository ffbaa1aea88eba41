<?php

declare(strict_types=1);

namespace Magento\Framework\Interception;

use Closure;
use Magento\Framework\ObjectManager\ConfigInterface;
use Magento\Framework\ObjectManagerInterface;

/**
 * Calls a method with its plugins: beforeMETHOD may change the arguments, aroundMETHOD decides whether the method is
 * called at all, afterMETHOD may change the result. Each kind goes in the order of di.xml's sortOrder.
 */
class PluginChain
{
    public function __construct(
        private readonly ConfigInterface $config,
        private readonly ObjectManagerInterface $objectManager,
    ) {
    }

    /**
     * @param string $type the class that the plugins are for
     * @param list<mixed> $arguments
     */
    public function call(object $subject, string $type, string $method, array $arguments, Closure $original): mixed
    {
        $name = ucfirst($method);
        $plugins = $this->config->getPlugins($type);
        foreach ($this->having($plugins, "before$name") as $plugin) {
            $arguments = $plugin->{"before$name"}($subject, ...$arguments) ?? $arguments;
        }
        $proceed = $original;
        foreach (array_reverse($this->having($plugins, "around$name")) as $plugin) {
            $next = $proceed;
            $proceed = fn (mixed ...$given): mixed => $plugin->{"around$name"}($subject, $next, ...$given);
        }
        $result = $proceed(...$arguments);
        foreach ($this->having($plugins, "after$name") as $plugin) {
            $result = $plugin->{"after$name"}($subject, $result, ...$arguments);
        }

        return $result;
    }

    /**
     * @param list<class-string> $plugins
     * @return list<object> those that have such a method
     */
    private function having(array $plugins, string $method): array
    {
        $found = array_filter($plugins, fn (string $plugin): bool => method_exists($plugin, $method));

        return array_map($this->objectManager->get(...), array_values($found));
    }
}
