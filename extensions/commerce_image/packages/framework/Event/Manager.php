<?php

declare(strict_types=1);

namespace Magento\Framework\Event;

use Magento\Framework\App\State;
use Magento\Framework\ObjectManagerInterface;

/**
 * Tells those who observe an event in the area of this request.
 */
class Manager implements ManagerInterface
{
    public function __construct(
        private readonly Config $config,
        private readonly State $state,
        private readonly ObjectManagerInterface $objectManager,
    ) {
    }

    public function dispatch(string $eventName, array $data = []): void
    {
        foreach ($this->config->getObservers($eventName, $this->state->getArea()) as $instance) {
            $this->objectManager->get($instance)->execute(new Observer($eventName, $data));
        }
    }
}
