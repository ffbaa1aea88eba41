<?php

declare(strict_types=1);

namespace Magento\Framework\Interception;

use Magento\Framework\App\ObjectManager;

/**
 * What every generated class NAME\Interceptor has: its public methods go through the plugins of NAME.
 */
trait Interceptor
{
    /**
     * @param list<mixed> $arguments
     */
    protected function ___callPlugins(string $method, array $arguments): mixed
    {
        return ObjectManager::getInstance()->get(PluginChain::class)->call(
            $this,
            parent::class,
            $method,
            $arguments,
            fn (mixed ...$arguments): mixed => parent::$method(...$arguments),
        );
    }
}
